import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { changeDefinitions, type ChangeId } from '../../../src/diff/index.ts'
import { compareResponses } from '../../../src/diff/compare-responses.ts'
import type { JsonSchema, Parameter, ResponseDescription } from '../../../src/domain/index.ts'
import { parameter } from '../../support/plan-artifact.ts'

interface Side {
  readonly responses: readonly ResponseDescription[]
  readonly schemas?: readonly JsonSchema[]
}

/** Level, id and pointer of every change. */
function changes(before: Side, after: Side): readonly string[] {
  const found: string[] = []
  compareResponses(
    [before.responses, after.responses],
    [before.schemas ?? [], after.schemas ?? []],
    (id: ChangeId, pointer) => found.push(`${changeDefinitions[id].level} ${id} ${pointer}`),
  )
  return found
}

function answer(status: string, members: Partial<ResponseDescription> = {}): ResponseDescription {
  return { status, headers: [], content: null, ...members }
}

/** One answer with a JSON body of this schema. */
function json(schema: JsonSchema): Side {
  return {
    responses: [answer('200', { content: [{ media_range: 'application/json', schema: 0 }] })],
    schemas: [schema],
  }
}

/** What a change of the schema of an answer is; the pointer below the schema. */
function ofSchema(before: JsonSchema, after: JsonSchema): readonly string[] {
  return changes(json(before), json(after)).map((change) =>
    change.replace('/responses/200/content/application~1json/schema', ''),
  )
}

describe('answers', () => {
  it('that clients wait for, or do not know', () => {
    const before = { responses: [answer('200'), answer('404')] }
    const after = { responses: [answer('201'), answer('429')] }
    assert.deepEqual(changes(before, after), [
      'breaking response-success-removed /responses/200',
      'safe response-other-removed /responses/404',
      'risky response-success-added /responses/201',
      'risky response-other-added /responses/429',
    ])
  })

  it('that were described by their class or the default are not new', () => {
    const wide = { responses: [answer('2XX'), answer('default')] }
    const named = { responses: [answer('200'), answer('404'), answer('2XX'), answer('default')] }
    assert.deepEqual(changes(wide, named), [])
    assert.deepEqual(changes(named, wide), [])
  })

  it('with other header fields', () => {
    const withHeaders = (...headers: readonly Parameter[]) => ({
      responses: [answer('200', { headers })],
      schemas: [{ type: 'integer' }, { type: 'string' }],
    })
    const header = (name: string, required: boolean, schema: number | null = null) =>
      parameter(name, 'header', { required, schema })
    const before = withHeaders(
      header('A', true),
      header('B', false),
      header('C', true),
      header('D', false),
      header('N', true, 0),
    )
    const after = withHeaders(header('c', false), header('d', true), header('E', true), header('n', true, 1))
    assert.deepEqual(changes(before, after), [
      'breaking response-header-removed /responses/200/headers/A',
      'risky response-optional-header-removed /responses/200/headers/B',
      'breaking response-header-made-optional /responses/200/headers/c/required',
      'safe response-header-made-required /responses/200/headers/d/required',
      'breaking response-type-widened /responses/200/headers/n/schema/type',
      'safe response-header-added /responses/200/headers/E',
    ])
  })

  it('with other media types', () => {
    const of = (...ranges: readonly string[]) => ({
      responses: [answer('200', { content: ranges.map((range) => ({ media_range: range, schema: null })) })],
    })
    assert.deepEqual(changes(of('application/json', 'text/csv'), of('application/json', 'text/html')), [
      'breaking response-media-type-removed /responses/200/content/text~1csv',
      'risky response-media-type-added /responses/200/content/text~1html',
    ])
    const nothing = { responses: [answer('200')] }
    assert.deepEqual(changes(of('text/csv'), nothing), ['risky response-body-removed /responses/200/content'])
    assert.deepEqual(changes(nothing, of('text/csv')), ['safe response-body-added /responses/200/content'])
  })
})

describe('bodies of answers', () => {
  const object = (properties: Readonly<Record<string, JsonSchema>>, members: object = {}): JsonSchema => ({
    type: 'object',
    properties,
    ...members,
  })
  const text = { type: 'string' }

  it('that lose a property break who reads it, required or not', () => {
    assert.deepEqual(ofSchema(object({ a: text, b: text }), object({ a: text })), [
      'breaking response-property-removed /properties/b',
    ])
    const closed = { additionalProperties: false }
    assert.deepEqual(ofSchema(object({ a: text, b: text }, closed), object({ a: text }, closed)), [
      'breaking response-property-removed /properties/b',
    ])
    assert.deepEqual(ofSchema(object({ b: text }), object({ b: false })), [
      'breaking response-property-removed /properties/b',
    ])
  })

  it('that get a property do not, unless they were closed', () => {
    assert.deepEqual(ofSchema(object({}), object({ a: text })), [
      'safe response-property-added /properties/a',
    ])
    const closed = { additionalProperties: false }
    assert.deepEqual(ofSchema(object({}, closed), object({ a: text }, closed)), [
      'risky response-closed-property-added /properties/a',
    ])
  })

  it('that promise less, or more', () => {
    const [loose, strict] = [object({ a: text }), object({ a: text }, { required: ['a'] })]
    assert.deepEqual(ofSchema(strict, loose), ['breaking response-property-made-optional /required'])
    assert.deepEqual(ofSchema(loose, strict), ['safe response-property-made-required /required'])
  })

  it('that may hold more than before break clients, and fewer do not', () => {
    const pairs: readonly (readonly [JsonSchema, JsonSchema, string, string])[] = [
      [text, { type: ['string', 'null'] }, 'response-type-widened /type', 'response-schema-narrowed /type'],
      [
        { enum: ['a'] },
        { enum: ['a', 'b'] },
        'response-enum-widened /enum',
        'response-schema-narrowed /enum',
      ],
      [
        { maximum: 1 },
        { maximum: 2 },
        'response-schema-widened /maximum',
        'response-schema-narrowed /maximum',
      ],
      [{ pattern: 'a' }, {}, 'response-schema-widened /pattern', 'response-schema-narrowed /pattern'],
    ]
    for (const [narrow, wide, widened, narrowed] of pairs) {
      assert.deepEqual(ofSchema(narrow, wide), [`breaking ${widened}`])
      assert.deepEqual(ofSchema(wide, narrow), [`safe ${narrowed}`])
    }
    assert.deepEqual(ofSchema({ pattern: 'a' }, { pattern: 'b' }), ['risky response-schema-changed /pattern'])
    assert.deepEqual(ofSchema({ default: 1 }, { default: 2 }), ['safe response-annotation-changed /default'])
  })
})
