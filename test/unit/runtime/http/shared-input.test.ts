import assert from 'node:assert/strict'
import { it } from 'node:test'

import { isLent, kept, SHARED_INPUT_BYTES, sharedInput } from '../../../../src/runtime/http/shared-input.ts'

it('shared input is handed on as what was read, however much, until the next read', () => {
  const pieces: Buffer[] = []
  const read = sharedInput((chunk) => pieces.push(chunk) > 0)
  const { buffer } = read
  assert.ok(buffer instanceof Uint8Array)
  const sizes = [1, 200, 2047, 2048, 5000, SHARED_INPUT_BYTES, 200]
  for (const [index, sizeBytes] of sizes.entries()) {
    buffer.fill(index, 0, sizeBytes)
    assert.equal(read.callback(sizeBytes, buffer), true)
    assert.deepEqual(pieces[index], Buffer.alloc(sizeBytes, index))
  }
  const [last] = pieces.slice(-1)
  assert.ok(last !== undefined && isLent(last))
  const copy = kept(last)
  buffer.fill(9)
  assert.deepEqual([isLent(copy), copy[0], last[0]], [false, 6, 9])
  assert.equal(kept(copy), copy)
})
