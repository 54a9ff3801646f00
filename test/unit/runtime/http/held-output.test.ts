import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { beginReading, endReading, hold } from '../../../../src/runtime/http/held-output.ts'

describe('output that is held', () => {
  it('is written when the input at hand is read, however deep reading began', () => {
    const written: string[] = []
    beginReading()
    hold({ flush: () => written.push('a') })
    beginReading()
    hold({ flush: () => written.push('b') })
    endReading()
    assert.deepEqual(written, [])
    endReading()
    assert.deepEqual(written, ['a', 'b'])
  })

  it('is written at the end of the turn where no input is being read', async () => {
    const written: string[] = []
    hold({ flush: () => written.push('a') })
    hold({ flush: () => written.push('b') })
    assert.deepEqual(written, [])
    await Promise.resolve()
    assert.deepEqual(written, ['a', 'b'])
  })
})
