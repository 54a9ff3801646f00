import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { compareSchemas } from '../../../../src/diff/schema/index.ts'
import type { JsonSchema } from '../../../../src/domain/index.ts'

function compare(before: JsonSchema, after: JsonSchema, isText = false): readonly string[] {
  const found: string[] = []
  compareSchemas({ before, after, isText, report: (id, pointer) => found.push(`${id} ${pointer}`) })
  return found
}

const text = { type: 'string' }
const cat = { type: 'object', required: ['kind'], properties: { kind: { const: 'cat' } } }
const dog = { type: 'object', required: ['kind'], properties: { kind: { const: 'dog' } } }
// The keyword of JSON Schema; nobody waits for it.
// oxlint-disable-next-line unicorn/no-thenable
const never = { if: text, then: false }
const closed = { additionalProperties: false }

/** Before, after, what is found, what is found the other way round. */
const cases: readonly (readonly [JsonSchema, JsonSchema, readonly string[], readonly string[]])[] = [
  [text, true, ['schema-type-widened /type'], ['schema-type-narrowed /type']],
  [text, { type: ['string', 'null'] }, ['schema-type-widened /type'], ['schema-type-narrowed /type']],
  [{ type: 'integer' }, { type: 'number' }, ['schema-type-widened /type'], ['schema-type-narrowed /type']],
  [{ type: 'integer' }, text, ['schema-type-narrowed /type'], ['schema-type-narrowed /type']],
  [{ const: 1 }, { enum: [1, 2] }, ['schema-enum-widened /enum'], ['schema-enum-narrowed /enum']],
  [{ enum: [1, 2] }, { enum: [2, 1] }, [], []],
  [{ enum: [1] }, {}, ['schema-enum-widened /enum'], ['schema-enum-narrowed /enum']],
  [
    { minimum: 1 },
    { exclusiveMinimum: 1 },
    ['schema-range-narrowed /minimum'],
    ['schema-range-widened /minimum'],
  ],
  [{ maximum: 5 }, { maximum: 9 }, ['schema-range-widened /maximum'], ['schema-range-narrowed /maximum']],
  [{ maximum: 5, exclusiveMaximum: 9 }, { maximum: 5 }, [], []],
  [
    { multipleOf: 4 },
    { multipleOf: 2 },
    ['schema-multiple-widened /multipleOf'],
    ['schema-multiple-narrowed /multipleOf'],
  ],
  [
    { multipleOf: 4 },
    { multipleOf: 3 },
    ['schema-multiple-changed /multipleOf'],
    ['schema-multiple-changed /multipleOf'],
  ],
  [{ minLength: 1 }, {}, ['schema-limit-widened /minLength'], ['schema-limit-narrowed /minLength']],
  [{ maxItems: 3 }, { maxItems: 4 }, ['schema-limit-widened /maxItems'], ['schema-limit-narrowed /maxItems']],
  [
    { uniqueItems: true },
    {},
    ['schema-unique-dropped /uniqueItems'],
    ['schema-unique-required /uniqueItems'],
  ],
  [{ pattern: 'a' }, {}, ['schema-pattern-removed /pattern'], ['schema-pattern-added /pattern']],
  [
    { pattern: 'a' },
    { pattern: 'b' },
    ['schema-pattern-changed /pattern'],
    ['schema-pattern-changed /pattern'],
  ],
  [{ format: 'date' }, {}, ['schema-format-removed /format'], ['schema-format-added /format']],
  [
    { format: 'date' },
    { format: 'uuid' },
    ['schema-format-changed /format'],
    ['schema-format-changed /format'],
  ],
  [{ required: ['a'] }, {}, ['schema-required-removed /required'], ['schema-required-added /required']],
  [
    { properties: { a: text } },
    {},
    ['schema-property-undeclared /properties/a'],
    ['schema-property-declared /properties/a'],
  ],
  [
    { ...closed, properties: { a: text } },
    closed,
    ['schema-property-removed /properties/a'],
    ['schema-property-added /properties/a'],
  ],
  [
    { additionalProperties: text },
    { additionalProperties: text, properties: { a: { type: 'integer' } } },
    ['schema-type-narrowed /properties/a/type'],
    ['schema-type-narrowed /properties/a/type'],
  ],
  [
    closed,
    {},
    ['schema-properties-allowed /additionalProperties'],
    ['schema-properties-refused /additionalProperties'],
  ],
  [
    { patternProperties: { a: text } },
    {},
    ['schema-properties-regrouped '],
    ['schema-properties-regrouped '],
  ],
  [
    { dependentRequired: { a: ['b'] } },
    { dependentRequired: { a: ['b', 'c'] } },
    ['schema-dependency-added /dependentRequired/a'],
    ['schema-dependency-removed /dependentRequired/a'],
  ],
  [
    { propertyNames: text },
    {},
    ['schema-type-widened /propertyNames/type'],
    ['schema-type-narrowed /propertyNames/type'],
  ],
  [{ items: text }, { items: false }, ['schema-refused /items'], ['schema-allowed /items']],
  [
    { prefixItems: [text], items: true },
    { items: true },
    ['schema-type-widened /prefixItems/0/type'],
    ['schema-type-narrowed /prefixItems/0/type'],
  ],
  [{ contains: text }, {}, ['schema-contains-removed /contains'], ['schema-contains-added /contains']],
  [
    { contains: text, minContains: 2 },
    { contains: text },
    ['schema-contains-changed /contains'],
    ['schema-contains-changed /contains'],
  ],
  [
    { type: 'object', allOf: [cat] },
    { type: 'object' },
    ['schema-all-of-removed /allOf'],
    ['schema-all-of-added /allOf/0'],
  ],
  [
    text,
    { anyOf: [{ type: 'null' }, text] },
    ['schema-alternative-added /anyOf/0'],
    ['schema-alternative-removed /anyOf'],
  ],
  [
    { oneOf: [cat] },
    { oneOf: [dog, cat] },
    ['schema-alternative-added /oneOf/0'],
    ['schema-alternative-removed /oneOf'],
  ],
  [
    { oneOf: [cat] },
    { oneOf: [cat, { required: ['name'] }] },
    ['schema-alternative-added /oneOf/1', 'schema-alternatives-overlap /oneOf'],
    ['schema-alternative-removed /oneOf'],
  ],
  [{ oneOf: [cat, dog] }, { anyOf: [dog, cat] }, [], []],
  [
    { type: 'object', anyOf: [cat, dog] },
    { type: 'object' },
    ['schema-alternatives-removed /anyOf'],
    ['schema-alternatives-added /anyOf'],
  ],
  [
    { anyOf: [{ type: 'integer' }, { type: 'number' }] },
    { anyOf: [{ type: 'number' }] },
    ['schema-alternative-merged /anyOf'],
    ['schema-alternative-added /anyOf/0'],
  ],
  [
    { type: 'object', required: ['a', 'b'] },
    { allOf: [{ required: ['a'] }, { required: ['b'] }] },
    [
      'schema-type-widened /allOf/0/type',
      'schema-required-removed /allOf/0/required',
      'schema-all-of-implied /allOf/1',
    ],
    ['schema-all-of-removed /allOf', 'schema-all-of-removed /allOf', 'schema-all-of-added /allOf/0'],
  ],
  [{ not: text }, {}, ['schema-not-removed /not'], ['schema-not-added /not']],
  [{ not: text }, { not: cat }, ['schema-not-changed /not'], ['schema-not-changed /not']],
  [never, {}, ['schema-condition-removed /if'], ['schema-condition-added /if']],
  [never, { if: text, else: false }, ['schema-condition-changed /if'], ['schema-condition-changed /if']],
  [
    { unevaluatedProperties: false },
    {},
    ['schema-unevaluated-removed /unevaluatedProperties'],
    ['schema-unevaluated-added /unevaluatedProperties'],
  ],
  [
    { unevaluatedProperties: false, minProperties: 1 },
    { unevaluatedProperties: false },
    ['schema-limit-widened /minProperties', 'schema-unevaluated-changed /unevaluatedProperties'],
    ['schema-limit-narrowed /minProperties', 'schema-unevaluated-changed /unevaluatedProperties'],
  ],
  [{ default: 1 }, {}, ['schema-default-changed /default'], ['schema-default-changed /default']],
  [{ readOnly: true }, {}, ['schema-annotation-changed /readOnly'], ['schema-annotation-changed /readOnly']],
  [
    { contentEncoding: 'x' },
    {},
    ['schema-keyword-changed /contentEncoding'],
    ['schema-keyword-changed /contentEncoding'],
  ],
]

describe('compareSchemas', () => {
  for (const [before, after, there, back] of cases) {
    it(`${JSON.stringify(before)} to ${JSON.stringify(after)}`, () => {
      assert.deepEqual([compare(before, after), compare(after, before)], [there, back])
    })
  }

  it('follows references, recursive ones too, and does not mind how a schema is put together', () => {
    const node = (type: string) => ({
      $ref: '#/$defs/Node',
      $defs: { Node: { properties: { value: { type }, next: { $ref: '#/$defs/Node' } } } },
    })
    assert.deepEqual(compare(node('integer'), node('number')), ['schema-type-widened /properties/value/type'])
    const inline = { properties: { value: { type: 'integer' }, next: { allOf: [{ $ref: '#' }] } } }
    assert.deepEqual(compare(node('integer'), inline), [])
  })

  it('takes parameters for the text that they are written as', () => {
    assert.deepEqual(compare({ type: 'integer' }, text, true), ['schema-type-widened /type'])
    assert.deepEqual(compare(text, { type: 'integer' }, true), ['schema-type-narrowed /type'])
  })

  it('gives up on what is too deep, and says so', () => {
    const deep = (levels: number, inner: JsonSchema): JsonSchema =>
      levels === 0 ? inner : { items: deep(levels - 1, inner) }
    const [found] = compare(deep(2000, text), deep(2000, true))
    assert.match(found ?? '', /^schema-not-compared (\/items)+$/)
  })

  it('gives up on what would take for ever, and says so', () => {
    const wide = (minimum: number): JsonSchema => {
      const levels = Array.from({ length: 12 }, (_, level) => {
        const items = { $ref: `#/$defs/L${level + 1}` }
        return [`L${level}`, { anyOf: [0, 1, 2].map((minLength) => ({ minLength, items })) }]
      })
      return { $ref: '#/$defs/L0', $defs: { ...Object.fromEntries(levels), L12: { minimum } } }
    }
    assert.ok(compare(wide(1), wide(2)).some((line) => line.startsWith('schema-not-compared')))
  })
})
