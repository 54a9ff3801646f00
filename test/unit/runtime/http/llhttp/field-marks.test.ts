import assert from 'node:assert/strict'
import { it } from 'node:test'

import { FieldMarks } from '../../../../../src/runtime/http/llhttp/field-marks.ts'

it('marks of fields join what came in pieces, and are an array of its own for each head', () => {
  const marks = new FieldMarks()
  marks.addName(0, 2)
  marks.addName(2, 4)
  marks.addValue(6, 8)
  marks.addValue(8, 9)
  marks.addName(11, 15)
  const first = marks.spans()
  assert.deepEqual(first, [0, 0, 4, 6, 9, 0, 11, 15, 0, 0])
  marks.clear()
  assert.deepEqual(marks.spans(), [])
  marks.addName(1, 3)
  marks.addValue(5, 5)
  assert.deepEqual(marks.spans(), [0, 1, 3, 5, 5])
  assert.deepEqual(first, [0, 0, 4, 6, 9, 0, 11, 15, 0, 0])
})
