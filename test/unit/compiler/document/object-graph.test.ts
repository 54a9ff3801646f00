import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createDocumentSet, readSource, walkGraph } from '../../../../src/compiler/document/index.ts'

/** The references that a walk over the value meets, by the pointer of the object that holds them. */
function referencesIn(root: unknown): readonly string[] {
  const { document } = readSource('api.json', Buffer.from(JSON.stringify(root)))
  assert.ok(document)
  const set = createDocumentSet([document], new Map())
  const found: string[] = []
  walkGraph(set.roots, {
    follow: ({ node }) => {
      found.push(`${node.type} ${node.pointer}`)
      return undefined
    },
  })
  return found.toSorted()
}

const ref = { $ref: '#/none' }

describe('walkGraph', () => {
  it('knows every place of a schema where a schema may stand, and no other', () => {
    const one = ['additionalProperties', 'items', 'not', 'if', 'then', 'else', 'contains', 'propertyNames']
    const more = ['unevaluatedItems', 'unevaluatedProperties', 'contentSchema']
    const lists = ['allOf', 'anyOf', 'oneOf', 'prefixItems']
    const maps = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']
    const data = ['default', 'example', 'enum', 'const', 'examples', 'x-data']
    const schema = Object.fromEntries([
      ...[...one, ...more].map((key) => [key, ref]),
      ...lists.map((key) => [key, [ref]]),
      ...maps.map((key) => [key, { name: ref }]),
      ...data.map((key) => [key, [ref]]),
    ])
    const base = 'schema /components/schemas/S'
    assert.deepEqual(
      referencesIn({ components: { schemas: { S: schema } } }),
      [
        ...[...one, ...more].map((key) => `${base}/${key}`),
        ...lists.map((key) => `${base}/${key}/0`),
        ...maps.map((key) => `${base}/${key}/name`),
      ].toSorted(),
    )
  })

  it('knows every place of a description where a reference may stand', () => {
    const holder = {
      schema: ref,
      content: { 'a/b': { schema: ref, examples: { E: ref } } },
      examples: { E: ref },
    }
    const response = { headers: { H: ref }, content: { 'a/b': ref }, links: { L: ref } }
    const operation = {
      parameters: [ref, holder],
      requestBody: { content: { 'a/b': { itemSchema: ref, encoding: { e: { headers: { H: ref } } } } } },
      responses: { default: ref, 200: response, 'x-no': ref },
      callbacks: { c: ref, d: { '{$url}': ref } },
    }
    const found = referencesIn({
      paths: { '/a': ref, '/b': { parameters: [ref], query: operation }, 'x-no': ref },
      webhooks: { w: ref },
      components: { responses: { R: ref }, securitySchemes: { S: ref }, pathItems: { P: ref } },
    })
    assert.deepEqual(found, [
      'callback /paths/~1b/query/callbacks/c',
      'example /paths/~1b/query/parameters/1/content/a~1b/examples/E',
      'example /paths/~1b/query/parameters/1/examples/E',
      'header /paths/~1b/query/requestBody/content/a~1b/encoding/e/headers/H',
      'header /paths/~1b/query/responses/200/headers/H',
      'link /paths/~1b/query/responses/200/links/L',
      'mediaType /paths/~1b/query/responses/200/content/a~1b',
      'parameter /paths/~1b/parameters/0',
      'parameter /paths/~1b/query/parameters/0',
      'pathItem /components/pathItems/P',
      'pathItem /paths/~1a',
      'pathItem /paths/~1b/query/callbacks/d/{$url}',
      'pathItem /webhooks/w',
      'response /components/responses/R',
      'response /paths/~1b/query/responses/default',
      'schema /paths/~1b/query/parameters/1/content/a~1b/schema',
      'schema /paths/~1b/query/parameters/1/schema',
      'schema /paths/~1b/query/requestBody/content/a~1b/itemSchema',
      'securityScheme /components/securitySchemes/S',
    ])
  })
})
