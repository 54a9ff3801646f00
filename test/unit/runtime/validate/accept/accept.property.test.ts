import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { acceptJson, createAccept } from '../../../../../src/runtime/validate/accept/index.ts'
import { createExactValidate } from '../../../../../src/runtime/validate/exact/index.ts'
import { patternMaker } from '../../../../../src/runtime/validate/make-pattern.ts'
import { anySchemas, anyValues, smallSchemas, smallValues } from '../../../../support/schema-arbitraries.ts'

const isJson = (bytes: Buffer) => {
  try {
    JSON.parse(new TextDecoder('utf8', { fatal: true, ignoreBOM: true }).decode(bytes))
    return true
  } catch {
    return false
  }
}

describe('bodies that are accepted by their bytes', () => {
  for (const [world, schemas, values] of [
    ['a small world', smallSchemas, smallValues],
    ['every schema', anySchemas, anyValues],
  ] as const) {
    it(`satisfy their schema: ${world}`, () => {
      let [accepted, valid] = [0, 0]
      fc.assert(
        fc.property(schemas, fc.array(values, { minLength: 4, maxLength: 4 }), (schema, samples) => {
          const accept = createAccept(schema, patternMaker())
          const exact = createExactValidate(schema)
          for (const value of samples) {
            const isAccepted = accept(Buffer.from(JSON.stringify(value)))
            const isValid = unlessEndless(() => exact(value) === undefined)
            if (isAccepted) assert.ok(isValid, JSON.stringify(value))
            accepted += isAccepted ? 1 : 0
            valid += isValid ? 1 : 0
          }
        }),
        { numRuns: 1000 },
      )
      assert.ok(accepted > 150, `${accepted} of ${valid} valid ones were accepted`)
    })
  }

  it('are JSON, and most that is JSON is accepted', () => {
    const change = fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('set', 'insert', 'cut'))
    let [intact, accepted] = [0, 0]
    fc.assert(
      fc.property(fc.json(), fc.array(change, { maxLength: 2 }), (text, changes) => {
        let bytes = Buffer.from(text)
        for (const [at, byte, how] of changes) {
          const place = at % (bytes.length + 1)
          const behind = how === 'insert' ? place : place + 1
          bytes = Buffer.concat([
            bytes.subarray(0, place),
            how === 'cut' ? Buffer.alloc(0) : Buffer.from([byte]),
            bytes.subarray(behind),
          ])
        }
        const isAccepted = acceptJson(bytes)
        if (isAccepted) assert.ok(isJson(bytes), bytes.toString())
        if (changes.length > 0) return
        intact += 1
        accepted += isAccepted ? 1 : 0
      }),
      { numRuns: 5000 },
    )
    assert.ok(accepted > intact / 2, `${accepted} of ${intact}`)
  })

  it('have the numbers that they are written with', () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.float({ noNaN: true, noDefaultInfinity: true }),
    )
    fc.assert(
      fc.property(number, fc.constantFrom(0, 1, 2, 3), (value, digits) => {
        const text = digits === 0 ? String(value) : value.toFixed(digits * 4)
        const schema = { enum: [Number(text)] }
        assert.equal(createAccept(schema, patternMaker())(Buffer.from(text)), true, text)
      }),
      { numRuns: 2000 },
    )
  })
})

function unlessEndless(step: () => boolean): boolean {
  try {
    return step()
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
