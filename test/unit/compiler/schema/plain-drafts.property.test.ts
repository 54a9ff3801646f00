import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { printBundle, reachDrafts } from '../../../../src/compiler/schema/bundle.ts'
import type { SchemaFault } from '../../../../src/compiler/schema/draft.ts'
import { createDrafts } from '../../../../src/compiler/schema/drafts.ts'
import { sharedDryRun } from '../../../../src/compiler/schema/dry-run.ts'
import { plainDrafts } from '../../../../src/compiler/schema/plain-drafts.ts'
import { resolvePointer, type JsonSchema } from '../../../../src/domain/index.ts'
import { documentSet } from '../../../support/documents.ts'

const count = fc.nat({ max: 5 })
const name = fc.constantFrom('a', 'b', '__proto__', 'constructor', 'x y')
const types = fc.constantFrom('string', 'integer', 'number', 'boolean', 'object', 'array', 'null')
const references = fc.constantFrom(
  '#/components/schemas/A',
  '#/components/schemas/B',
  '#/components/schemas/C',
)

const { schema } = fc.letrec<{ schema: object | boolean }>((tie) => {
  const one = tie('schema')
  const list = fc.array(one, { minLength: 1, maxLength: 2 })
  const map = fc.dictionary(name, one, { maxKeys: 2 })
  const bound = fc.integer({ min: -5, max: 5 })
  const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))
  const value = fc.oneof(scalar, fc.array(scalar), fc.dictionary(fc.string(), scalar))
  /** What few keywords can have. */
  const wrong = fc.constantFrom<unknown[]>(-1, 0, 1.5, '', 'x', null, true, [], {}, ['a', 'a'], [1], { a: 1 })
  const keywords: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    $ref: references,
    type: fc.oneof(types, fc.uniqueArray(types, { minLength: 1 })),
    enum: fc.array(value, { minLength: 1, maxLength: 3 }),
    const: value,
    multipleOf: fc.constantFrom(1, 0.1),
    minimum: bound,
    exclusiveMaximum: bound,
    minLength: count,
    maxLength: count,
    pattern: fc.constantFrom('^a', String.raw`[\w\-.]`, '(?<=x)'),
    format: fc.constantFrom('date-time', 'int64', 'no-such-format', 'uuid'),
    minItems: count,
    maxItems: count,
    uniqueItems: fc.boolean(),
    minContains: count,
    maxContains: count,
    minProperties: count,
    maxProperties: count,
    required: fc.uniqueArray(name),
    dependentRequired: fc.dictionary(name, fc.uniqueArray(name)),
    default: value,
    readOnly: fc.boolean(),
    discriminator: fc.record({ propertyName: name }),
    patternProperties: fc.dictionary(fc.constantFrom('^a', '.'), one, { maxKeys: 2 }),
    ...Object.fromEntries(['allOf', 'anyOf', 'oneOf', 'prefixItems'].map((keyword) => [keyword, list])),
    ...Object.fromEntries(['properties', 'dependentSchemas'].map((keyword) => [keyword, map])),
    ...Object.fromEntries(
      ['not', 'if', 'then', 'else', 'additionalProperties', 'items', 'contains', 'propertyNames'].map(
        (keyword) => [keyword, one],
      ),
    ),
  }
  const member = fc
    .constantFrom(...Object.entries(keywords))
    .chain(([keyword, values]) =>
      fc.oneof({ weight: 6, arbitrary: values }, wrong).map((held) => [keyword, held] as const),
    )
  const members = fc.array(member, { maxLength: 3 }).map((chosen) => Object.fromEntries(chosen) as object)
  return { schema: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.boolean(), members) }
})

const components = fc.record({ X: schema, A: schema, B: schema, C: schema })

/** The text of the schema X with all that it reaches, and whether it is plain. */
function look(schemas: object): { readonly made: JsonSchema; readonly isPlain: boolean } {
  const text = JSON.stringify({
    openapi: '3.1.0',
    info: { title: 't', version: '1' },
    components: { schemas },
  })
  const set = documentSet({ 'api.json': text })
  const [document] = set.roots
  assert.ok(document)
  const faults: SchemaFault[] = []
  const drafts = createDrafts(set, 'request', { report: (fault) => faults.push(fault), guarded: new Map() })
  const pointer = '/components/schemas/X'
  const root = drafts.at({ document, pointer, value: resolvePointer(document.root, pointer) }, '2020-12')
  const reached = reachDrafts(root, drafts, Infinity) ?? []
  const made = JSON.parse(printBundle(root, reached)) as JsonSchema
  return { made, isPlain: faults.length === 0 && plainDrafts([root], drafts).has(root) }
}

describe('plain drafts', () => {
  it('are none that the meta-schema refuses, or that the validator does not compile', () => {
    const dryRun = sharedDryRun()
    let plain = 0
    fc.assert(
      fc.property(components, (schemas) => {
        const { made, isPlain } = look(schemas)
        if (!isPlain) return
        plain += 1
        assert.deepEqual([...dryRun.check(made), ...dryRun.compile(made)], [])
      }),
      { numRuns: 500 },
    )
    assert.ok(plain > 150, `only ${plain} of the schemas were plain`)
  })

  it('are judged by their levels through references, and by all of a circle', () => {
    const to = (index: number) => ({ items: { $ref: `#/components/schemas/d${index}` } })
    const isPlain = (length: number, last: object) => {
      const link = (index: number) => [`d${index}`, index === length - 1 ? last : to(index + 1)]
      return look({ X: to(0), ...Object.fromEntries(Array.from({ length }, (_, index) => link(index))) })
        .isPlain
    }
    assert.equal(isPlain(45, {}), true)
    assert.equal(isPlain(60, {}), false)
    assert.equal(isPlain(45, to(0)), true)
    assert.equal(isPlain(60, to(0)), false)
    assert.equal(isPlain(2, { allOf: [to(0).items] }), true)
  })

  it('do not come back to themselves for the same value', () => {
    const A = { anyOf: [{ $ref: '#/components/schemas/B' }] }
    const B = { not: { $ref: '#/components/schemas/A' } }
    assert.equal(look({ X: { items: { $ref: '#/components/schemas/A' } }, A, B }).isPlain, false)
  })

  it('are not those that hold what is not known to be compiled', () => {
    for (const unsure of [{ enum: [] }, { unevaluatedItems: false }])
      assert.equal(look({ X: { items: unsure } }).isPlain, false)
  })
})
