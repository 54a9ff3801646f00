import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { bundleDescription, printDescription } from '../../../../src/compiler/bundle/index.ts'
import { lintProject } from '../../../../src/compiler/lint/index.ts'
import { planned } from '../../../support/planned.ts'
import { formatLocation, isProblemError, type Finding, type JsonValue } from '../../../../src/domain/index.ts'
import { resolvedRoutes } from '../../../support/resolved-plan.ts'

type Files = Readonly<Record<string, string>>

const head = (version = '3.1.0') => `openapi: ${version}\ninfo: { title: Books, version: '1' }\n`
const mock = 'x-barbacane-dispatch: { name: mock }'

function optionsOf(files: Files, remotes: Files = {}) {
  const contents = new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]))
  const openRemote = async (url: string) => {
    const text = remotes[url]
    return text === undefined
      ? { refused: 'it is not pinned', hint: 'Pin it.' }
      : { bytes: Buffer.from(text) }
  }
  return { root: undefined, contents, openRemote }
}

async function bundleOf(files: Files, remotes: Files = {}, overlays: readonly string[] = []) {
  const { document, ...rest } = await bundleDescription('api.yaml', {
    ...optionsOf(files, remotes),
    overlays,
  })
  return { document: JSON.parse(JSON.stringify(document)) as Record<string, JsonValue>, ...rest }
}

async function planOf(files: Files, remotes: Files = {}) {
  const context = { plugins: new Set<string>(), allowPlaintext: false }
  const { set, findings } = await lintProject(['api.yaml'], {
    ...optionsOf(files, remotes),
    ...context,
    root: undefined,
  })
  const errors = findings.filter(({ severity }) => severity === 'error')
  assert.deepEqual(
    errors.map(({ message, at }) => `${formatLocation(at)} ${message}`),
    [],
  )
  return resolvedRoutes(planned(set).plan)
}

/** Bundles, and proves that the bundle means what the files did and is its own bundle. */
async function proven(files: Files, remotes: Files = {}) {
  const { document } = await bundleOf(files, remotes)
  for (const format of ['yaml', 'json'] as const) {
    const text = printDescription(document, format)
    assert.deepEqual(await planOf({ 'api.yaml': text }), await planOf(files, remotes))
    const again = await bundleOf({ 'api.yaml': text })
    assert.equal(again.components, 0)
    assert.equal(printDescription(again.document, format), text)
  }
  return document
}

async function refusal(files: Files) {
  try {
    await bundleOf(files)
  } catch (error) {
    assert.ok(isProblemError(error))
    const { code, message, at, findings = [] } = error.problem
    return { code, message, at: at && formatLocation(at), findings: findings.map(shown) }
  }
  return assert.fail('it was bundled')
}

function shown({ rule, at }: Finding): string {
  return `${rule} ${formatLocation(at)}`
}

describe('a bundle', () => {
  const book = `${head()}paths:
  /books/{id}:
    $ref: parts/path.yaml
components:
  schemas:
    Book: { $ref: parts/book.yaml }
    id: { type: string }
`
  const parts = {
    'parts/path.yaml': `get:
  ${mock}
  parameters: [{ $ref: 'parameters.yaml#/id' }]
  responses: { '200': { $ref: 'responses.yaml#/Found' } }
put:
  ${mock}
  parameters: [{ $ref: 'parameters.yaml#/id' }]
  requestBody: { content: { application/json: { schema: { $ref: book.yaml, description: The book } } } }
  responses: { '204': { description: Done } }
`,
    'parts/parameters.yaml': `id: { name: id, in: path, required: true, schema: { $ref: 'book.yaml#/properties/id' } }\n`,
    'parts/responses.yaml': `Found:
  description: The book
  headers: { ETag: { $ref: '#/Tag' } }
  content: { application/json: { schema: { $ref: ./book.yaml }, examples: { one: { $ref: '#/One' } } } }
Tag: { schema: { type: string } }
One: { externalValue: examples/one.json }
`,
    'parts/book.yaml': `type: object
required: [id]
properties:
  id: { type: integer }
  sequel: { $ref: '#' }
  author: { $ref: people/author.yaml#/Author }
`,
    'parts/people/author.yaml': `Author: { type: object, properties: { books: { type: array, items: { $ref: ../book.yaml } } } }\n`,
  }

  it('has what other files hold as components, under names of its own', async () => {
    const document = await proven({ 'api.yaml': book, ...parts })
    const ref = (name: string) => ({ $ref: `#/components/${name}` })
    assert.deepEqual(document['paths'], { '/books/{id}': ref('pathItems/path') })
    const components = document['components'] as Record<string, Record<string, JsonValue>>
    assert.deepEqual(components['schemas'], {
      Book: {
        type: 'object',
        required: ['id'],
        properties: { id: { type: 'integer' }, sequel: ref('schemas/Book'), author: ref('schemas/Author') },
      },
      id: { type: 'string' },
      Author: { type: 'object', properties: { books: { type: 'array', items: ref('schemas/Book') } } },
      id_2: { type: 'integer' },
    })
    assert.deepEqual(components['examples'], { One: { externalValue: 'parts/examples/one.json' } })
    assert.deepEqual(components['headers'], { Tag: { schema: { type: 'string' } } })
    assert.deepEqual(Object.keys(components), [
      'schemas',
      'pathItems',
      'parameters',
      'responses',
      'headers',
      'examples',
    ])
  })

  it('keeps references of its own, and what stands beside references', async () => {
    const document = await proven({
      'api.yaml': `${head()}paths:
  /a:
    post:
      ${mock}
      requestBody: { $ref: '#/components/requestBodies/A', description: Mine }
      responses: { '200': { description: Done } }
components:
  requestBodies:
    A: { content: { application/json: { schema: { $ref: a.yaml, minProperties: 1 } } } }
`,
      'a.yaml': 'type: object\n',
    })
    assert.match(JSON.stringify(document), /"\$ref":"#\/components\/requestBodies\/A","description":"Mine"/)
    assert.match(JSON.stringify(document), /"\$ref":"#\/components\/schemas\/a","minProperties":1/)
  })

  it('writes references below an `$id`, and to anchors, as places', async () => {
    const document = await proven({
      'api.yaml': `${head()}paths:
  /a:
    post:
      ${mock}
      requestBody: { content: { application/json: { schema: { $ref: 'a.yaml#whole' } } } }
      responses: { '200': { description: Done } }
`,
      'a.yaml': `$id: https://a.example/a
$anchor: whole
properties: { b: { $ref: b.yaml }, self: { $ref: '#whole' }, c: { $id: c, properties: { d: { $ref: '#/$defs/d' } }, $defs: { d: { type: 'null' } } } }
`,
      'b.yaml': '$id: https://a.example/b\ntype: string\n',
    })
    const text = JSON.stringify(document)
    assert.doesNotMatch(text, /\$id|\$anchor|example\/b/)
    assert.match(text, /"self":\{"\$ref":"#\/components\/schemas\/a"\}/)
  })

  it('brings the schemes that requirements of OpenAPI 3.2 refer to', async () => {
    const api = (version: string) => `${head(version)}security: [{ 'auth.yaml#/key': [], own: [] }, 1]
paths: { /a: { $ref: parts/a.yaml } }
components: { securitySchemes: { own: { type: mutualTLS }, key: { type: mutualTLS } } }
`
    const files = {
      'auth.yaml': 'key: { type: apiKey, name: k, in: header }\n',
      'parts/a.yaml': "post: { responses: {}, security: [{ '../auth.yaml#/key': [] }, {}] }\n",
    }
    const { document } = await bundleOf({ ...files, 'api.yaml': api('3.2.0') })
    const reference = '#/components/securitySchemes/key_2'
    assert.deepEqual(document['security'], [{ [reference]: [], own: [] }, 1])
    const { securitySchemes } = document['components'] as Record<string, JsonValue>
    const key = { type: 'apiKey', name: 'k', in: 'header' }
    const plain = { type: 'mutualTLS' }
    assert.deepEqual(securitySchemes, { own: plain, key: plain, key_2: key })
    assert.match(
      JSON.stringify(document['components']),
      /"security":\[\{"#\/components\/securitySchemes\/key_2":\[\]\},\{\}\]/,
    )
    const old = await bundleOf({ ...files, 'api.yaml': api('3.1.2') })
    assert.deepEqual(old.document['security'], [{ 'auth.yaml#/key': [], own: [] }, 1])
  })

  it('writes the mapping of discriminators as places', async () => {
    const document = await proven({
      'api.yaml': `${head()}paths:
  /a:
    post:
      ${mock}
      requestBody: { content: { application/json: { schema: { $ref: pets.yaml#/components/schemas/Pet } } } }
      responses: { '200': { description: Done } }
components: { schemas: { Cat: { type: string } } }
`,
      'pets.yaml': `components:
  schemas:
    Pet:
      oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: dog.yaml }]
      discriminator: { propertyName: kind, mapping: { c: Cat, d: dog.yaml, unknown: nothing.yaml } }
    Cat: { type: object, properties: { kind: { const: c } } }
`,
      'dog.yaml': 'type: object\nproperties: { kind: { const: d } }\n',
    })
    const { schemas } = document['components'] as Record<string, Record<string, Record<string, JsonValue>>>
    assert.deepEqual(schemas?.['Pet']?.['discriminator'], {
      propertyName: 'kind',
      mapping: { c: '#/components/schemas/Cat_2', d: '#/components/schemas/dog', unknown: 'nothing.yaml' },
    })
  })

  it('has path items of OpenAPI 3.0 in the place of references to them', async () => {
    const document = await proven({
      'api.yaml': `${head('3.0.3')}paths:\n  /a: { $ref: 'a.yaml#/x~1y' }\n`,
      'a.yaml': `x/y: { get: { ${mock}, responses: { '200': { description: Done } } } }\n`,
    })
    assert.equal(document['components'], undefined)
    assert.ok('get' in ((document['paths'] as Record<string, object>)['/a'] ?? {}))
  })

  it('has media types of OpenAPI 3.2 as components', async () => {
    const document = await proven({
      'api.yaml': `${head('3.2.0')}paths:
  /a:
    query:
      ${mock}
      requestBody: { content: { application/json: { $ref: a.yaml#/Json } } }
      responses: { '200': { description: Done } }
`,
      'a.yaml': 'Json: { schema: { type: string } }\n',
    })
    assert.deepEqual(Object.keys(document['components'] ?? {}), ['mediaTypes'])
  })

  it('has what the network holds, and what overlays have made of it', async () => {
    const remotes = {
      'https://a.example/x/b.json': '{"schema":{"$ref":"./c.json"}}',
      'https://a.example/x/c.json': 'true',
    }
    const files = {
      'api.yaml': `${head()}paths: {}\n`,
      'overlay.yaml': `overlay: 1.0.0
info: { title: More, version: '1' }
actions:
  - target: $.paths
    update:
      /a:
        post:
          ${mock}
          requestBody: { content: { application/json: { $ref: 'https://a.example/x/b.json' } } }
          responses: { '200': { description: Done } }
`,
    }
    const made = await bundleOf(
      { ...files, 'api.yaml': files['api.yaml'].replace('3.1.0', '3.2.0') },
      remotes,
      ['overlay.yaml'],
    )
    assert.deepEqual(made.document['components'], {
      mediaTypes: { b: { schema: { $ref: '#/components/schemas/c' } } },
      schemas: { c: true },
    })
    assert.deepEqual(made.files, ['api.yaml', ...Object.keys(remotes), 'overlay.yaml'])
  })
})

describe('what cannot be bundled', () => {
  it('is told in the file and at the place of the fault', async () => {
    const found = await refusal({
      'api.yaml': `${head()}paths:\n  /a: { $ref: parts/a.yaml }\n  /b: { $ref: parts/b.yaml }\n`,
      'parts/a.yaml': `get:\n  responses:\n    '200': { $ref: 'r.yaml#/Nothing' }\n`,
      'parts/b.yaml': 'get: {\n',
      'parts/r.yaml': 'Found: { description: Found }\n',
    })
    assert.equal(found.code, 'BCN_BUNDLE_FINDINGS')
    assert.deepEqual(found.findings, [
      'ref-unresolved api.yaml:5:15',
      'ref-unresolved parts/a.yaml:3:20',
      'syntax parts/b.yaml:2:1',
    ])
  })

  it('is what one document cannot say', async () => {
    const root = (ref: string) =>
      `${head()}paths: {}\ncomponents: { schemas: { A: { properties: { x: { $ref: ${ref} } } } } }\n`
    const dynamic = await refusal({
      'api.yaml': root('a.yaml'),
      'a.yaml': "$dynamicAnchor: n\nitems: { $dynamicRef: '#n' }\n",
    })
    assert.deepEqual([dynamic.code, dynamic.at], ['BCN_BUNDLE_REFUSED', 'a.yaml:2:8'])
    const older = await refusal({
      'api.yaml': root("'old.yaml#/components/schemas/B'"),
      'old.yaml': `${head('3.0.3')}paths: {}\ncomponents: { schemas: { B: { type: string, nullable: true } } }\n`,
    })
    assert.match(older.message, /old.yaml is of another version of OpenAPI/)
    assert.equal(older.at, 'api.yaml:4:48')
    assert.match((await refusal({ 'api.yaml': 'asyncapi: 3.0.0\n' })).message, /not a description of OpenAPI/)
    const circle = await refusal({
      'api.yaml': `${head('3.0.3')}paths: { /a: { $ref: 'a.yaml' } }\n`,
      'a.yaml': `post: { responses: {}, callbacks: { c: { '{$url}': { $ref: a.yaml } } } }\n`,
    })
    assert.match(circle.message, /holds itself/)
  })
})
