import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'

import { changeDefinitions, type ChangeId } from '../../../../src/diff/index.ts'
import { compareSchemas } from '../../../../src/diff/schema/index.ts'
import { schemaDialect, type JsonSchema, type JsonValue } from '../../../../src/domain/index.ts'
import { changedSchemas, smallSchemas, smallValues } from '../../../support/schema-arbitraries.ts'

function idsOf(before: JsonSchema, after: JsonSchema): readonly ChangeId[] {
  const ids: ChangeId[] = []
  compareSchemas({ before, after, isText: false, report: (id) => ids.push(id) })
  return ids
}

/** What ajv says of a value; undefined where the code that it made of the schema fails. */
function accepting(schema: JsonSchema): (value: JsonValue) => boolean | undefined {
  const ajv = new Ajv2020({ ...schemaDialect, allErrors: false })
  addFormats.default(ajv)
  const validate = ajv.compile(schema as object)
  return (value) => {
    try {
      return validate(value)
    } catch (error) {
      // ajv 8.20 mistakes its own record of what was evaluated, for one where `anyOf` stands beside `patternProperties`.
      if (isOfRecord(error as Error)) return undefined
      throw error
    }
  }
}

function isOfRecord(error: Error): boolean {
  return /^(?:Cannot set properties of undefined|(?:props|items)\d+ is not defined)/.test(error.message)
}

describe('the comparison of any two schemas', () => {
  it('finds nothing between a schema and itself', () => {
    fc.assert(
      fc.property(smallSchemas, (schema) => {
        assert.deepEqual(idsOf(schema, structuredClone(schema)), [])
      }),
    )
  })

  it('never calls safe what refuses a value that was accepted', () => {
    let refused = 0
    fc.assert(
      fc.property(
        changedSchemas,
        fc.array(smallValues, { minLength: 20, maxLength: 40 }),
        ([before, after], values) => {
          const isSafe = idsOf(before, after).every((id) => changeDefinitions[id].level === 'safe')
          const [accepted, accepts] = [accepting(before), accepting(after)]
          const lost = values.find((value) => accepted(value) === true && accepts(value) === false)
          if (lost === undefined) return
          refused += 1
          assert.ok(!isSafe, `${JSON.stringify(lost)} is refused`)
        },
      ),
      { numRuns: Number(process.env['DIFF_RUNS'] ?? 300) },
    )
    assert.ok(refused > 20, `${refused} comparisons were about a refused value`)
  })

  it('finds nothing in one direction only where it finds nothing in the other', () => {
    fc.assert(
      fc.property(changedSchemas, ([before, after]) => {
        assert.equal(idsOf(before, after).length === 0, idsOf(after, before).length === 0)
      }),
    )
  })
})
