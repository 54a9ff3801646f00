import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'

import { needsExactEngine, schemaDialect } from '../../../../../src/domain/index.ts'
import { createExactValidate } from '../../../../../src/runtime/validate/exact/index.ts'
import { anySchemas, anyValues } from '../../../../support/schema-arbitraries.ts'

describe('the two engines', () => {
  it('agree on every schema that the fast one may judge by', () => {
    let compared = 0
    fc.assert(
      fc.property(anySchemas, fc.array(anyValues, { minLength: 4, maxLength: 4 }), (schema, values) => {
        if (needsExactEngine(schema)) return
        const ajv = new Ajv2020(schemaDialect)
        addFormats.default(ajv)
        const [fast, exact] = [unlessEndless(() => ajv.compile(schema)), createExactValidate(schema)]
        if (fast === undefined) return
        for (const value of values) {
          const accepted = unlessEndless((): boolean => exact(value) === undefined)
          const judged = unlessEndless((): boolean => fast(value))
          // What is behind the endless part one of them may find out first.
          if (accepted === undefined || judged === undefined) continue
          assert.equal(judged, accepted, JSON.stringify(value))
          compared += 1
        }
      }),
      { numRuns: 500 },
    )
    assert.ok(compared > 500, `only ${compared} values were compared`)
  })
})

/** A schema that refers to itself for the same value is refused by the compiler; here it ends at the limit of the stack. */
function unlessEndless<T>(step: () => T): T | undefined {
  try {
    return step()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
