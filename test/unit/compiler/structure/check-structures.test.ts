import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import {
  createDocumentSet,
  readSource,
  type SourceDocument,
} from '../../../../src/compiler/document/index.ts'
import { checkStructures } from '../../../../src/compiler/structure/index.ts'
import { formatLocation } from '../../../../src/domain/index.ts'

async function check(text: string, path = 'api.yaml'): Promise<readonly string[]> {
  const { document, findings } = readSource(path, Buffer.from(text))
  assert.deepEqual(findings, [])
  assert.ok(document)
  const found = await checkStructures(createDocumentSet([document], new Map()))
  return found.map(({ code, at, message, hint }) => `${code} ${formatLocation(at)} ${message} | ${hint}`)
}

const head = (version: string) => `openapi: ${version}\ninfo: { title: t, version: '1' }\n`

describe('checkStructures', () => {
  for (const version of ['3.0.3', '3.1.1', '3.2.0']) {
    it(`accepts a valid description of ${version}`, async () => {
      const text = `${head(version)}paths:
  /a/{id}:
    parameters:
      - { name: id, in: path, required: true, schema: { type: string } }
      - { $ref: '#/components/parameters/P' }
    get:
      x-barbacane-dispatch: { name: mock }
      responses: { '200': { description: ok, content: { application/json: { schema: { type: object } } } } }
components:
  parameters: { P: { name: p, in: query, schema: { type: integer } } }
`
      assert.deepEqual(await check(text), [])
    })

    it(`gives one finding for each fault of ${version}, with the place and a suggestion`, async () => {
      const text = `${head(version)}paths:
  /a:
    get:
      operationID: x
      parameters:
        - { name: 1, in: query, schema: {} }
        - { name: b, in: qury, schema: {} }
        - { name: c, in: query }
        - { name: d, in: path, schema: {} }
      responses: {}
component: {}
`
      const findings = await check(text)
      assert.deepEqual(
        findings.map((finding) => finding.replace(/^E1004 /, '')),
        [
          'api.yaml:6:7 `get` has an unknown member `operationID` | Did you mean `operationId`?',
          'api.yaml:8:19 `name` is 1, not a string | Put it in quotes: "1".',
          `api.yaml:9:26 \`in\` is "qury", which is none of the known values | Did you mean \`query\`?`,
          'api.yaml:10:11 Item 3 of `parameters` has none of `schema`, `content` | Add one of them.',
          'api.yaml:11:11 Item 4 of `parameters` has no `required` | Add `required`; it is required here.',
          'api.yaml:12:7 `responses` is empty | Give it at least one member.',
          'api.yaml:13:1 The document has an unknown member `component` | Did you mean `components`?',
        ],
      )
    })
  }

  it('says what is not OpenAPI', async () => {
    const of = async (text: string) => (await check(text)).map((line) => line.split(' | ')[0])
    assert.deepEqual(await of('asyncapi: 1.2.0\n'), ['E1001 api.yaml:1:11 AsyncAPI 1.2.0 is not supported'])
    assert.deepEqual(await of('swagger: "2.0"\n'), ['E1001 api.yaml:1:10 Swagger 2.0 is not supported'])
    assert.deepEqual(await of('openapi: 3.1\n'), [
      'E1001 api.yaml:1:10 The OpenAPI version is the number 3.1',
    ])
    assert.deepEqual(await of('openapi: 4.0.0\n'), ['E1001 api.yaml:1:10 OpenAPI 4.0.0 is not supported'])
    assert.deepEqual(await of('openapi: [3]\n'), ['E1001 api.yaml:1:10 OpenAPI [3] is not supported'])
    assert.deepEqual(await of('type: object\n'), [
      'E1001 api.yaml:1:1 The document does not say which version of OpenAPI it is',
    ])
    assert.deepEqual(await of('- 1\n'), ['E1001 api.yaml:1:1 The document is not an OpenAPI description'])
  })

  it('does not report a parent for the fault of its child', async () => {
    const text = `${head('3.1.0')}paths:
  /a:
    get:
      responses:
        '200': { description: 7 }
`
    assert.deepEqual(await check(text), [
      'E1004 api.yaml:7:31 `description` is 7, not a string | Put it in quotes: "7".',
    ])
  })

  it('does not report the neighbours of a fault as unknown', async () => {
    const text = `${head('3.1.0')}paths: {}
components:
  parameters:
    P: { name: p, in: query, schema: {}, style: odd, explode: true, allowReserved: true, example: 1 }
`
    const [finding, ...others] = await check(text)
    assert.match(finding ?? '', /^E1004 api.yaml:6:49 `style` is "odd"/)
    assert.deepEqual(others, [])
  })

  it('names members that exclude each other', async () => {
    const text = `${head('3.1.0')}paths: {}
components:
  parameters:
    P: { name: p, in: query, schema: {}, content: { a/b: {} } }
`
    assert.deepEqual(await check(text), [
      'E1004 api.yaml:6:5 `P` has `schema` and `content` at once | Leave only one of them.',
    ])
  })

  it('names both members, also where the specification says it of one', async () => {
    const text = `openapi: 3.1.0
info: { title: t, version: '1', license: { name: n, identifier: MIT, url: 'https://licence.example' } }
paths: {}
`
    assert.deepEqual(await check(text), [
      'E1004 api.yaml:2:33 `license` has `identifier` and `url` at once | Leave only one of them.',
    ])
  })

  it('tells a key that is a number from an item of a list', async () => {
    const text = `${head('3.1.0')}paths: { /a: { get: { responses: { '200': { description: d, other: 1 } } } } }\n`
    assert.deepEqual(await check(text), [
      'E1004 api.yaml:3:61 `200` has an unknown member `other` | Remove it, or begin its name with `x-` if it is an extension.',
    ])
  })

  it('says of a name that it is wrong once, at the name', async () => {
    const text = `${head('3.1.0')}components: { schemas: { ö: {} } }\n`
    assert.deepEqual(await check(text), [
      'E1004 api.yaml:3:26 `schemas` has a member `ö`, whose name does not have the form required here | It must match ^[a-zA-Z0-9._-]+$.',
    ])
  })

  it('says that a list is empty', async () => {
    const text = `${head('3.1.0')}servers: [{ url: '/{a}', variables: { a: { enum: [], default: b } } }]\npaths: {}\n`
    assert.deepEqual(await check(text), [
      'E1004 api.yaml:3:50 `enum` is an empty list | Give it at least one item.',
    ])
  })

  it('checks what a root refers to in other files, there', async () => {
    const documents = new Map<string, SourceDocument>()
    const read = (path: string, text: string): SourceDocument => {
      const { document } = readSource(path, Buffer.from(text))
      assert.ok(document)
      documents.set(path, document)
      return document
    }
    const root = read(
      'api.yaml',
      `${head('3.0.3')}paths: { /a: { $ref: 'items.yaml#/a' } }
components: { responses: { R: { $ref: parts.json } } }
`,
    )
    read('items.yaml', 'a:\n  get:\n    operationld: x\n    responses: { default: { $ref: parts.json } }\n')
    read('parts.json', '{ "desc": "x" }')
    const found = await checkStructures(createDocumentSet([root], documents))
    assert.deepEqual(
      found.map(({ at, message }) => `${formatLocation(at)} ${at.pointer} ${message}`),
      [
        'items.yaml:3:5 /a/get/operationld `get` has an unknown member `operationld`',
        'parts.json:1:1  The document has no `description`',
        'parts.json:1:3 /desc The document has an unknown member `desc`',
      ],
    )
  })
})
