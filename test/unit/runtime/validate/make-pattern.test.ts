import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { JsonSchema } from '../../../../src/domain/index.ts'
import { createValidators } from '../../../../src/runtime/validate/index.ts'

const doubling = '^(a+)+$'
const guarded = { [doubling]: String.raw`\A(?:a+)+\z`, '(?!x)a*a*b$': null }

/** What is wrong with a value, by either engine. */
function judge(schema: JsonSchema, value: unknown) {
  const engines = createValidators([schema, { ...(schema as object), unevaluatedItems: true }], guarded)
  const [fast, exact] = [engines.at(0)(value), engines.at(1)(value)]
  assert.deepEqual(exact, fast)
  return fast?.map(({ pointer, reason }) => `${pointer} ${reason}`)
}

describe('patterns that could keep the node busy', () => {
  it('are matched in time that grows with the text', () => {
    // By backtracking each of these would take longer than the world is old.
    const text = `${'a'.repeat(10_000)}!`
    assert.deepEqual(judge({ pattern: doubling }, text), [` must match pattern "${doubling}"`])
    assert.equal(judge({ pattern: doubling }, 'aaa'), undefined)
    const names: JsonSchema = { patternProperties: { [doubling]: { type: 'string' } } }
    assert.equal(judge(names, { [text]: 1 }), undefined)
    assert.deepEqual(judge(names, { aa: 1 }), ['/aa must be string'])
  })

  it('do not match long texts where there is no other way', () => {
    const pattern = '(?!x)a*a*b$'
    assert.equal(judge({ pattern }, `${'a'.repeat(999)}b`), undefined)
    assert.deepEqual(judge({ pattern }, `${'a'.repeat(1000)}b`), [` must match pattern "${pattern}"`])
  })
})
