import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createSchemaTable } from '../../../../src/compiler/schema/index.ts'
import { resolvePointer, type JsonSchema } from '../../../../src/domain/index.ts'
import { compileSchema } from '../../../../src/runtime/validate/validators.ts'
import { documentSet } from '../../../support/documents.ts'

/** The schema `X` of a description with the given schemas, as the gateway gets it. */
function schemaOf(schemas: unknown, files: Readonly<Record<string, unknown>> = {}): JsonSchema {
  const root = {
    openapi: '3.1.0',
    info: { title: 't', version: '1' },
    components: { schemas },
    paths: {
      '/': {
        post: {
          requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/X' } } } },
        },
      },
    },
  }
  const written = Object.entries({ 'api.json': root, ...files }).map(([path, value]) => [
    path,
    JSON.stringify(value),
  ])
  const set = documentSet(Object.fromEntries(written))
  const [document] = set.roots
  assert.ok(document)
  const table = createSchemaTable(set)
  const pointer = '/components/schemas/X'
  const index = table.add([{ document, pointer, value: resolvePointer(document.root, pointer) }], '2020-12')
  const { texts, findings } = table.finish()
  assert.deepEqual(findings, [])
  const schema = JSON.parse(index === null ? 'true' : (texts[index] ?? '')) as JsonSchema
  assert.doesNotMatch(JSON.stringify(schema).replace(/"const":\{.*?\}/, ''), /\$id|\$anchor|\$dynamic/)
  return schema
}

interface Case {
  readonly valid?: readonly unknown[]
  readonly invalid?: readonly unknown[]
  readonly files?: Readonly<Record<string, unknown>>
}

function judges(schemas: unknown, { valid = [], invalid = [], files = {} }: Case): void {
  const validate = compileSchema(schemaOf(schemas, files))
  for (const value of valid) assert.equal(validate(value), undefined, JSON.stringify(value))
  for (const value of invalid) assert.notEqual(validate(value), undefined, JSON.stringify(value))
}

const text = { type: 'string' }

/** A list the items of which whoever refers to it decides about. */
const list = {
  $id: 'https://a.example/list',
  type: 'array',
  items: { $dynamicRef: '#item' },
  $defs: { any: { $dynamicAnchor: 'item' } },
}

describe('a $dynamicRef', () => {
  it('leads where a $ref would lead as long as nobody has the anchor outside', () => {
    judges({ X: { $ref: 'https://a.example/list' }, list }, { valid: [['a', 1]], invalid: ['a'] })
    judges(
      { X: { items: { $dynamicRef: '#item' }, $defs: { item: { $dynamicAnchor: 'item', ...text } } } },
      { valid: [['a']], invalid: [[1]] },
    )
  })

  it('leads to the outermost resource on the way that has the anchor', () => {
    const texts = { $id: 'texts', $ref: 'list', $defs: { text: { $dynamicAnchor: 'item', ...text } } }
    const base = { $id: 'https://a.example/base', $defs: { texts, list } }
    judges({ X: { $ref: 'https://a.example/texts' }, base }, { valid: [['a']], invalid: [[1]] })
    const numbers = {
      $id: 'https://a.example/numbers',
      $ref: 'texts',
      $defs: { n: { $dynamicAnchor: 'item', type: 'number' } },
    }
    judges({ X: { $ref: 'https://a.example/numbers' }, base, numbers }, { valid: [[1]], invalid: [['a']] })
  })

  it('has a meaning for each way that leads to it', () => {
    const of = (name: string, item: unknown) => ({
      $id: `https://a.example/${name}`,
      $ref: 'list',
      $defs: { own: { $dynamicAnchor: 'item', ...(item as object) } },
    })
    judges(
      {
        X: {
          properties: {
            texts: { $ref: 'https://a.example/texts' },
            numbers: { $ref: 'https://a.example/numbers' },
            both: { $ref: 'https://a.example/list' },
          },
        },
        list,
        texts: of('texts', text),
        numbers: of('numbers', { type: 'number' }),
      },
      {
        valid: [{ texts: ['a'], numbers: [1], both: ['a', 1] }],
        invalid: [{ texts: [1] }, { numbers: ['a'] }],
      },
    )
  })

  it('is a plain reference where its fragment is a pointer or an anchor that is not dynamic', () => {
    const outer = (inner: unknown) => ({
      X: {
        $id: 'https://a.example/x',
        $ref: 'inner',
        $defs: { mine: { $dynamicAnchor: 'item', type: 'number' }, inner },
      },
    })
    const named = {
      $id: 'inner',
      items: { $dynamicRef: '#item' },
      $defs: { a: { $anchor: 'item', ...text } },
    }
    judges(outer(named), { valid: [['a']], invalid: [[1]] })
    const pointed = {
      ...named,
      items: { $dynamicRef: '#/$defs/a' },
      $defs: { a: { $dynamicAnchor: 'item', ...text } },
    }
    judges(outer(pointed), { valid: [['a']], invalid: [[1]] })
  })

  it('does not see what an anchor that is not dynamic names outside', () => {
    const x = { $id: 'https://a.example/x', $ref: 'list', $defs: { mine: { $anchor: 'item', ...text } } }
    judges({ X: x, list }, { valid: [['a', 1]] })
  })

  it('does not see resources that were left again, nor those that a pointer leads through', () => {
    const left = { $id: 'left', $defs: { own: { $dynamicAnchor: 'item', ...text } } }
    const x = { $id: 'https://a.example/x', allOf: [{ $ref: 'left' }, { $ref: 'list' }], $defs: { left } }
    judges({ X: x, list }, { valid: [[1]] })
    const through = {
      $id: 'https://a.example/through',
      $defs: { own: { $dynamicAnchor: 'item', ...text }, inner: { $id: 'inner', $ref: 'list' } },
    }
    judges({ X: { $ref: 'https://a.example/through#/$defs/inner' }, through, list }, { valid: [[1]] })
    judges({ X: { $ref: 'https://a.example/inner' }, through, list }, { valid: [[1]] })
  })

  it('sees the resource of the place that a pointer leads to', () => {
    const through = {
      $id: 'https://a.example/through',
      $defs: { own: { $dynamicAnchor: 'item', ...text }, inner: { $ref: 'list' } },
    }
    judges(
      { X: { $ref: 'https://a.example/through#/$defs/inner' }, through, list },
      { valid: [['a']], invalid: [[1]] },
    )
  })

  it('closes a tree that was open, at every depth', () => {
    const tree = {
      $id: 'https://a.example/tree',
      $dynamicAnchor: 'node',
      type: 'object',
      properties: { data: true, children: { type: 'array', items: { $dynamicRef: '#node' } } },
    }
    const strict = {
      $id: 'https://a.example/strict',
      $dynamicAnchor: 'node',
      $ref: 'tree',
      unevaluatedProperties: false,
    }
    const misspelt = { children: [{ children: [{ daat: 1 }] }] }
    judges({ X: { $ref: 'https://a.example/tree' }, tree, strict }, { valid: [misspelt] })
    judges(
      { X: { $ref: 'https://a.example/strict' }, tree, strict },
      { valid: [{ children: [{ children: [{ data: 1 }] }] }], invalid: [misspelt, { daat: 1 }] },
    )
  })

  it('leads into another file, and from there back', () => {
    const files = {
      'list.json': {
        items: { $dynamicRef: '#item' },
        $defs: { any: { $dynamicAnchor: 'item' } },
      },
    }
    const x = { $ref: 'list.json', $defs: { mine: { $dynamicAnchor: 'item', ...text } } }
    judges({ X: x }, { files, valid: [['a']], invalid: [[1]] })
    judges({ X: { items: { $dynamicRef: 'list.json#item' } } }, { files, valid: [[1]] })
  })

  it('stands beside other keywords, `$ref` among them', () => {
    const item = { $dynamicAnchor: 'item', type: 'integer' }
    judges(
      {
        X: { $ref: '#/components/schemas/Small', $dynamicRef: '#item', minimum: 2, $defs: { item } },
        Small: { maximum: 9 },
      },
      { valid: [5], invalid: [1, 10, 5.5] },
    )
  })

  it('may lead to a boolean, and to a circle', () => {
    const never = {
      $id: 'https://a.example/never',
      $ref: 'pair',
      $defs: { no: { $dynamicAnchor: 'second', not: {} } },
    }
    const pair = {
      $id: 'https://a.example/pair',
      prefixItems: [true, { $dynamicRef: '#second' }],
      $defs: { any: { $dynamicAnchor: 'second' } },
    }
    judges({ X: { $ref: 'https://a.example/never' }, never, pair }, { valid: [[1]], invalid: [[1, 2]] })
  })

  it('makes no copies of what it does not lead to', () => {
    const of = (name: string) => ({
      $id: `https://a.example/${name}`,
      properties: { list: { $ref: 'list' }, other: { $ref: 'other' } },
      $defs: { own: { $dynamicAnchor: 'item', ...text } },
    })
    const other = { $id: 'https://a.example/other', type: 'object', properties: { deep: { $ref: 'other' } } }
    const { $defs } = schemaOf({
      X: { anyOf: [{ $ref: 'https://a.example/one' }, { $ref: 'https://a.example/two' }] },
      one: of('one'),
      two: of('two'),
      list,
      other,
    }) as { $defs: object }
    assert.deepEqual(Object.keys($defs), ['list', 'list_2', 'one', 'other', 'own', 'own_2', 'two'])
  })
})

describe('an $id', () => {
  it('is what references below it are relative to', () => {
    judges(
      {
        X: {
          $id: 'https://a.example/schemas/x',
          properties: { a: { $ref: '#/$defs/a' }, b: { $ref: 'b' }, c: { $ref: '#c' } },
          $defs: { a: text, c: { $anchor: 'c', ...text } },
        },
        B: { $id: 'https://a.example/schemas/b', type: 'number' },
        C: { $anchor: 'c', type: 'number' },
      },
      { valid: [{ a: '', b: 1, c: '' }], invalid: [{ a: 1 }, { b: '' }, { c: 1 }] },
    )
  })

  it('may be relative, to the file or to the `$id` around it, and a URN', () => {
    judges(
      {
        X: {
          $id: 'types/x',
          properties: { a: { $ref: 'inner' }, b: { $ref: 'urn:example:b#/$defs/c' } },
          $defs: { i: { $id: 'inner', ...text } },
        },
        Urn: { $id: 'urn:example:b', $defs: { c: { type: 'number' } } },
      },
      { valid: [{ a: '', b: 1 }], invalid: [{ a: 1 }, { b: '' }] },
    )
  })

  it('is data in data, and a name among names', () => {
    judges(
      {
        X: { $id: 'https://a.example/x', $ref: 'y', const: { $id: 'https://a.example/y', type: 'number' } },
        Y: { properties: { default: { $id: 'https://a.example/y', type: 'object' } } },
      },
      { valid: [{ $id: 'https://a.example/y', type: 'number' }], invalid: [1] },
    )
  })
})
