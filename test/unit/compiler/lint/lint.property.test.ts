import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { createDocumentSet, readSource } from '../../../../src/compiler/document/index.ts'
import { lint } from '../../../../src/compiler/lint/index.ts'
import { checkStructures } from '../../../../src/compiler/structure/index.ts'
import { compareFindings, formatPointer, resolvePointer } from '../../../../src/domain/index.ts'

const sound = {
  openapi: '3.1.0',
  info: { title: 't', version: '1' },
  servers: [{ url: '/{v}', variables: { v: { default: 'v1' } } }],
  'x-barbacane-middlewares': [{ name: 'my-filter', config: { a: ['x'] } }],
  'x-barbacane-mcp': { enabled: true },
  paths: {
    '/a/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', maxLength: 9 } }],
      put: {
        operationId: 'a',
        summary: 's',
        deprecated: true,
        'x-sunset': 'Sun, 06 Nov 2033 08:49:37 GMT',
        'x-barbacane-dispatch': { name: 'http-upstream', config: { url: 'https://a.example' } },
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/S' } } } },
        responses: { 200: { description: 'ok' }, 400: { description: 'no' } },
        callbacks: { c: { '{$url}': { post: { responses: { 200: { description: 'ok' } } } } } },
      },
    },
  },
  components: { schemas: { S: { type: 'object', properties: { s: { $ref: '#/components/schemas/S' } } } } },
}

function placesOf(value: unknown, tokens: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [tokens]
  return [tokens, ...Object.entries(value).flatMap(([key, child]) => placesOf(child, [...tokens, key]))]
}

const places = placesOf(sound).filter((tokens) => tokens.length > 0)
const junk = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom('', 'env://', '#/', '#/paths', { $ref: '#' }, { $ref: '#/paths/~1a~1{id}' }, [{}], [[]]),
)

function mutate(tokens: readonly string[], value: unknown): unknown {
  const copy = structuredClone(sound)
  const parent = resolvePointer(copy, formatPointer(tokens.slice(0, -1))) as Record<string, unknown>
  parent[tokens.at(-1) ?? ''] = value
  return copy
}

describe('lint, for any mutation of a sound description,', () => {
  it('never throws, and gives findings with a place, in order', async () => {
    const context = { plugins: new Set(['my-filter']), allowPlaintext: false }
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), junk, async (tokens, value) => {
        const { document } = readSource('api.json', Buffer.from(JSON.stringify(mutate(tokens, value))))
        assert.ok(document)
        const set = createDocumentSet([document], new Map([['api.json', document]]))
        const findings = [...(await checkStructures(set)), ...lint(set, context)]
        for (const { at, message, hint } of findings) {
          assert.ok(at.line >= 1 && at.col >= 1 && message !== '' && hint !== undefined)
        }
        const ruled = lint(set, context)
        assert.deepEqual(ruled, ruled.toSorted(compareFindings))
      }),
      { numRuns: 500 },
    )
  })

  it('finds nothing in the description itself', async () => {
    const { document } = readSource('api.json', Buffer.from(JSON.stringify(sound)))
    assert.ok(document)
    const set = createDocumentSet([document], new Map([['api.json', document]]))
    assert.deepEqual(await checkStructures(set), [])
    assert.deepEqual(lint(set, { plugins: new Set(['my-filter']), allowPlaintext: false }), [])
  })
})
