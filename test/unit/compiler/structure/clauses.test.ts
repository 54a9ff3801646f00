import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createDocumentSet, readSource } from '../../../../src/compiler/document/index.ts'
import { planRoutes } from '../../../../src/compiler/plan/index.ts'
import { checkStructures } from '../../../../src/compiler/structure/index.ts'
import { documentSet } from '../../../support/documents.ts'

type Version = '3.1.2' | '3.2.0'

const both: readonly Version[] = ['3.1.2', '3.2.0']
const new32: readonly Version[] = ['3.2.0']

async function isRefused(openapi: Version, members: Readonly<Record<string, unknown>>): Promise<boolean> {
  const whole = { openapi, info: { title: 't', version: '1' }, paths: {}, ...members }
  const { document, findings } = readSource('api.json', Buffer.from(JSON.stringify(whole)))
  assert.ok(document)
  assert.deepEqual(findings, [])
  return (await checkStructures(createDocumentSet([document], new Map([['api.json', document]])))).length > 0
}

const operation = (members: Readonly<Record<string, unknown>>) => ({ paths: { '/a': { post: members } } })
const parameter = (members: Readonly<Record<string, unknown>>) => operation({ parameters: [members] })
const media = (members: Readonly<Record<string, unknown>>) =>
  operation({ requestBody: { content: { 'multipart/mixed': members } } })
const components = (kind: string, value: unknown) => ({ components: { [kind]: { a: value } } })

type Clause = readonly [
  name: string,
  members: Readonly<Record<string, unknown>>,
  versions?: readonly Version[],
]

/** What the specification allows, and is easily refused by mistake. */
const allowed: readonly Clause[] = [
  ['no paths, but webhooks', { paths: undefined, webhooks: { w: { post: {} } } }],
  ['no paths, but components', { paths: undefined, components: {} }],
  ['an operation without responses', operation({})],
  ['an empty path item', { paths: { '/a/{id}': {} } }],
  [
    'the summary of info and the identifier of a licence',
    { info: { title: 't', version: '1', summary: 's', license: { name: 'n', identifier: 'MIT' } } },
  ],
  ['the dialect of schemas', { jsonSchemaDialect: 'https://spec.openapis.org/oas/3.1/dialect/base' }],
  ['path items among the components', { components: { pathItems: { p: { get: {} } } } }],
  [
    'schemas that are booleans, and types that are lists',
    components('schemas', { type: ['string', 'null'], items: false }),
  ],
  [
    'scopes of schemes that have none',
    {
      security: [{ key: ['read'] }],
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
    },
  ],
  ['a header with content', components('headers', { content: { 'text/plain': {} } })],
  [
    'extensions everywhere',
    { 'x-a': null, info: { title: 't', version: '1', 'x-b': [] }, components: { 'x-c': 1 } },
  ],
  [
    'a reference with a description',
    operation({ requestBody: { $ref: '#/components/requestBodies/a', description: 'd' } }),
  ],
  ['mutual TLS', components('securitySchemes', { type: 'mutualTLS' })],
  ['the address of the document', { $self: 'https://a.example/openapi' }, new32],
  [
    'the method QUERY and others',
    { paths: { '/a': { query: {}, additionalOperations: { COPY: {} } } } },
    new32,
  ],
  [
    'the query as a whole',
    parameter({ name: 'q', in: 'querystring', content: { 'application/json': {} } }),
    new32,
  ],
  ['schemas of the items of a stream', media({ itemSchema: { type: 'object' } }), new32],
  [
    'tags within tags',
    {
      tags: [
        { name: 'a', kind: 'nav' },
        { name: 'b', parent: 'a', summary: 's' },
      ],
    },
    new32,
  ],
  ['examples as data and as text', components('examples', { dataValue: 1, serializedValue: '1' }), new32],
  ['cookies in their own style', parameter({ name: 'c', in: 'cookie', style: 'cookie', schema: {} }), new32],
]

/** What the specification forbids. */
const forbidden: readonly Clause[] = [
  ['no title', { info: { version: '1' } }],
  ['no version', { info: { title: 't' } }],
  ['no info', { info: undefined }],
  ['none of paths, webhooks and components', { paths: undefined }],
  ['members that are unknown', { path: {} }],
  ['paths that are a list', { paths: [] }],
  ['a licence without a name', { info: { title: 't', version: '1', license: { url: 'https://a.example' } } }],
  [
    'a licence with an identifier and a URL',
    {
      info: { title: 't', version: '1', license: { name: 'n', identifier: 'MIT', url: 'https://a.example' } },
    },
  ],
  ['a contact of the wrong type', { info: { title: 't', version: '1', contact: [] } }],
  ['servers that are no list', { servers: { url: '/' } }],
  ['a server without a URL', { servers: [{ description: 'd' }] }],
  ['a variable without a default', { servers: [{ url: '/{v}', variables: { v: { enum: ['a'] } } }] }],
  ['a variable with no values', { servers: [{ url: '/{v}', variables: { v: { enum: [], default: 'a' } } }] }],
  ['security that is no list', { security: {} }],
  ['tags that are no list', { tags: {} }],
  ['a tag without a name', { tags: [{ description: 'd' }] }],
  ['components of an unknown kind', { components: { schema: {} } }],
  ['a name of a component with a space', { components: { schemas: { 'a b': {} } } }],
  ['a schema that is a number', components('schemas', 1)],
  ['a dialect that is no URI', { jsonSchemaDialect: 1 }],
  ['a parameter of nowhere', parameter({ name: 'a', in: 'body', schema: {} })],
  ['a parameter without schema and content', parameter({ name: 'a', in: 'query' })],
  [
    'a parameter with schema and content',
    parameter({ name: 'a', in: 'query', schema: {}, content: { 'text/plain': {} } }),
  ],
  ['a parameter of the path that is not required', parameter({ name: 'a', in: 'path', schema: {} })],
  [
    'a parameter with two media types',
    parameter({ name: 'a', in: 'query', content: { 'text/plain': {}, 'text/html': {} } }),
  ],
  ['a style of another location', parameter({ name: 'a', in: 'header', style: 'form', schema: {} })],
  ['example and examples', parameter({ name: 'a', in: 'query', schema: {}, example: 1, examples: {} })],
  ['a request body without content', operation({ requestBody: { required: true } })],
  ['a status that is none', operation({ responses: { 99: { description: 'd' } } })],
  ['responses without any', operation({ responses: {} })],
  ['a scheme without its scheme', components('securitySchemes', { type: 'http' })],
  ['a key of nowhere', components('securitySchemes', { type: 'apiKey', name: 'k', in: 'body' })],
  [
    'flows without a URL',
    components('securitySchemes', { type: 'oauth2', flows: { implicit: { scopes: {} } } }),
  ],
  ['a link of two kinds', components('links', { operationId: 'a', operationRef: '#/a' })],
  ['an address with a fragment', { $self: 'https://a.example/#a' }, new32],
  ['an address that is a number', { $self: 1 }, new32],
  [
    'a free method that has a place of its own',
    { paths: { '/a': { additionalOperations: { POST: {} } } } },
    new32,
  ],
  ['the query as a whole with a schema', parameter({ name: 'q', in: 'querystring', schema: {} }), new32],
  ['encoding and itemEncoding', media({ itemSchema: {}, encoding: {}, itemEncoding: {} }), new32],
  ['encoding and prefixEncoding', media({ schema: {}, encoding: {}, prefixEncoding: [] }), new32],
  ['a value and data of an example', components('examples', { value: 1, dataValue: 1 }), new32],
  [
    'two texts of an example',
    components('examples', { serializedValue: '1', externalValue: 'https://a.example' }),
    new32,
  ],
]

describe('the structure of OpenAPI, clause by clause,', () => {
  for (const [name, members, versions = both] of allowed) {
    for (const version of versions) {
      it(`allows in ${version}: ${name}`, async () => assert.equal(await isRefused(version, members), false))
    }
  }
  for (const [name, members, versions = both] of forbidden) {
    for (const version of versions) {
      it(`forbids in ${version}: ${name}`, async () => assert.equal(await isRefused(version, members), true))
    }
  }

  it('leaves what stands within schemas to the rule `schema-compiles`, which looks at those of requests', async () => {
    for (const version of both) {
      assert.equal(await isRefused(version, components('schemas', { type: 'float' })), false)
    }
    const use = { requestBody: { content: { 'application/json': { schema: { type: 'float' } } } } }
    const { paths } = operation({ ...use, 'x-barbacane-dispatch': { name: 'mock' } })
    const text = JSON.stringify({ openapi: '3.1.2', info: { title: 't', version: '1' }, paths })
    const { findings } = planRoutes(documentSet({ 'api.json': text }))
    assert.deepEqual(
      findings.map(({ rule, severity }) => `${severity} ${rule}`),
      ['error schema-compiles'],
    )
  })
})
