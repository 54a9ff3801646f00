import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { addedExports, instrumentModule } from '../../../src/sandbox/index.ts'
import { randomModule } from '../../support/random-module.ts'
import { instantiate } from '../../support/wasm-instance.ts'
import { assemble } from '../../support/wat.ts'

type Outcome = number | bigint | 'trap'

/** Memory of both kinds of module has the same limit, so that growing answers the same. */
const MAX_PAGES = 3

describe('a confined module', () => {
  it('computes what the module computes, and leaves the same memory', () => {
    fc.assert(
      fc.property(
        randomModule(MAX_PAGES),
        fc.array(fc.integer(), { minLength: 1, maxLength: 6 }),
        (text, inputs) => {
          const bytes = assemble(text)
          const plain = instantiate(bytes)
          const confined = instantiate(
            instrumentModule(bytes, { maxPages: MAX_PAGES, startFuel: 1000 }).bytes,
          )
          const fuel = confined[addedExports.fuel] as { value: number }
          for (const input of inputs) {
            fuel.value = 0x7fff_ffff
            assert.deepEqual(run(confined, input), run(plain, input))
          }
          assert.ok(memoryOf(confined).equals(memoryOf(plain)), 'memory differs')
        },
      ),
      { numRuns: 150 },
    )
  })

  it('marks every block that differs from before', () => {
    fc.assert(
      fc.property(randomModule(MAX_PAGES), fc.integer(), (text, input) => {
        const instance = instantiate(
          instrumentModule(assemble(text), { maxPages: MAX_PAGES, startFuel: 1000 }).bytes,
        )
        const before = Buffer.from(memoryOf(instance))
        const dirty = new Uint8Array((instance[addedExports.dirty] as { buffer: ArrayBuffer }).buffer)
        dirty.fill(0)
        ;(instance[addedExports.fuel] as { value: number }).value = 10_000_000
        run(instance, input)
        const after = memoryOf(instance)
        for (let offset = 0; offset < after.byteLength; offset += 4096) {
          const now = after.subarray(offset, offset + 4096)
          const then =
            offset < before.byteLength ? before.subarray(offset, offset + 4096) : Buffer.alloc(4096)
          if (!now.equals(then)) assert.notEqual(dirty[offset / 4096], 0, `block at ${offset}`)
        }
      }),
      { numRuns: 150 },
    )
  })
})

function run(exports: Readonly<Record<string, unknown>>, input: number): Outcome {
  try {
    return (exports['run'] as (value: number) => number | bigint)(input)
  } catch (error) {
    if (error instanceof RangeError || (error as Error).name === 'RuntimeError') return 'trap'
    throw error
  }
}

function memoryOf(exports: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.from((exports['memory'] as { buffer: ArrayBuffer }).buffer)
}
