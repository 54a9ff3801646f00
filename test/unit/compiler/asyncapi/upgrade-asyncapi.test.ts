import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { lintProject } from '../../../../src/compiler/lint/index.ts'
import { formatLocation, type JsonSchema } from '../../../../src/domain/index.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { planned } from '../../../support/planned.ts'

type Files = Readonly<Record<string, string>>

const head = "asyncapi: 2.6.0\ninfo: { title: Orders, version: '1' }\n"
const dispatch = 'x-barbacane-dispatch: { name: mock }'

async function check(files: Files) {
  await using folder = await temporaryFolder(files)
  const context = { root: folder.path, plugins: new Set(['my-auth']), allowPlaintext: false }
  const { set, findings } = await lintProject(['api.yaml'], context)
  const found = findings.map(({ rule, at, message }) => `${rule} ${formatLocation(at)} ${message}`)
  return { found, made: findings.length > 0 ? undefined : planned(set) }
}

async function plan(files: Files) {
  const { found, made } = await check(files)
  assert.deepEqual([found, made?.findings], [[], []])
  return made?.plan ?? assert.fail()
}

/** The schemas that one is made of. */
const inner = (schema: JsonSchema | undefined) =>
  typeof schema === 'object' ? Object.values((schema['$defs'] ?? {}) as Record<string, unknown>) : schema

const faultsOf = async (rest: string) => (await check({ 'api.yaml': head + rest })).found

describe('AsyncAPI 2', () => {
  it('gives routes that publish and receive, with parameters, bodies, bindings and security', async () => {
    const { routes, schemas } = await plan({
      'api.yaml': `${head}tags: [{ name: t }]
x-barbacane-middlewares: [{ name: my-auth }]
servers: { broker: { url: broker.example, protocol: kafka } }
channels:
  orders/{kind}:
    servers: [broker]
    bindings: { kafka: { topic: orders } }
    parameters: { kind: { schema: { type: string, maxLength: 20 } } }
    publish:
      operationId: publishOrder
      security: [{ token: [] }]
      bindings: { http: { method: PUT } }
      message: { $ref: '#/components/messages/Order' }
      ${dispatch}
  news:
    subscribe: { message: { payload: { type: string, maxLength: 9 } }, ${dispatch} }
    publish:
      message:
        oneOf:
          - { payload: { type: integer } }
          - { $ref: 'more.yaml#/message' }
          - { contentType: text/plain, payload: { type: string, maxLength: 9 } }
      security: []
      ${dispatch}
components:
  securitySchemes: { token: { type: http, scheme: bearer } }
  messages:
    Order:
      messageId: order
      schemaFormat: application/schema+json;version=draft-07
      payload: { type: object, required: [id], properties: { id: { type: integer } } }
`,
      'more.yaml': 'message: { payload: { type: boolean } }\n',
    })
    assert.deepEqual(
      routes.map(({ method, path, operation_id: id }) => `${method} ${path} ${id}`),
      ['GET /news subscribe news', 'POST /news publish news', 'PUT /orders/{kind} publishOrder'],
    )
    const [, news, order] = routes
    const bodies = news?.body?.content.map(({ media_range: range, schema }) => [
      range,
      inner(schemas[schema ?? -1]),
    ])
    assert.deepEqual(bodies, [
      ['application/json', [{ type: 'integer' }, { type: 'boolean' }]],
      ['text/plain', [{ type: 'string', maxLength: 9 }]],
    ])
    assert.deepEqual(
      order?.parameters.map(({ name, schema }) => [name, inner(schemas[schema ?? -1])]),
      [['kind', [{ type: 'string', maxLength: 20 }]]],
    )
    assert.deepEqual(inner(schemas[order.body?.content[0]?.schema ?? -1]), [
      {
        type: 'object',
        required: ['id'],
        properties: { id: { type: 'integer' } },
      },
    ])
    assert.deepEqual(order.bindings?.channel, { kafka: { topic: 'orders' } })
  })

  it('shares channels of its components', async () => {
    const { routes } = await plan({
      'api.yaml': `${head}channels:
  a: { $ref: '#/components/channels/C' }
  b: { $ref: '#/components/channels/C' }
components:
  channels: { C: { publish: { message: { payload: { type: integer } }, ${dispatch} } } }
`,
    })
    assert.deepEqual(
      routes.map(({ path }) => path),
      ['/a', '/b'],
    )
  })

  it('has its faults where they are written', async () => {
    const found = await faultsOf(`channels:
  orders/{kind}:
    publish:
      operationId: one
      mesage: {}
      message: { schemaFormat: application/vnd.apache.avro;version=1.9.0, payload: { type: record } }
      security: [{ nobody: [] }]
      ${dispatch}
    subscribe: { operationId: one, message: { payload: { type: integer } } }
`)
    assert.deepEqual(
      found.map((line) => line.slice(0, 80)),
      [
        'path-parameter-declared api.yaml:4:3 {kind} of the path "/orders/{kind}" is not ',
        'asyncapi-structure api.yaml:5:5 The parameter {kind} of the address is not decla',
        'asyncapi-structure api.yaml:7:7 `mesage` is unknown in an operation',
        'asyncapi-structure api.yaml:8:32 Payloads of the format "application/vnd.apache.',
        'security-scheme-defined api.yaml:9:20 The security scheme `nobody` is not declar',
        'dispatch-missing api.yaml:11:5 GET /orders/{kind} has no `x-barbacane-dispatch`',
      ],
    )
    const odd = await faultsOf(
      'channels: { a: { publish: [], parameters: 7 }, b: 3, c: { $ref: nowhere.yaml } }\n',
    )
    assert.match(odd.join('\n'), /asyncapi-structure[^]*ref-unresolved/)
  })

  it('refuses messages that stand within another operation', async () => {
    const found = await faultsOf(`channels:
  a: { publish: { message: { payload: { type: integer } }, ${dispatch} } }
  b: { publish: { message: { $ref: '#/channels/a/publish/message' }, ${dispatch} } }
`)
    assert.match(found.join('\n'), /^asyncapi-structure api\.yaml:5:\d+ No message that is listed is there$/m)
  })
})
