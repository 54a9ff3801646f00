import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { lowerAsyncapi } from '../../../../src/compiler/asyncapi/index.ts'
import { createDocumentSet, readSource } from '../../../../src/compiler/document/index.ts'
import { lint, lintProject } from '../../../../src/compiler/lint/index.ts'
import {
  appendPointer,
  formatLocation,
  formatPointer,
  parsePointer,
  resolvePointer,
} from '../../../../src/domain/index.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { planned } from '../../../support/planned.ts'

type Files = Readonly<Record<string, string>>

const head = "asyncapi: 3.0.0\ninfo: { title: Orders, version: '1' }\n"
const dispatch = 'x-barbacane-dispatch: { name: mock }'

async function check(files: Files) {
  await using folder = await temporaryFolder(files)
  const roots = Object.keys(files).filter((path) => path.startsWith('api'))
  const context = { root: folder.path, plugins: new Set(['my-auth']), allowPlaintext: false }
  const { set, findings } = await lintProject(roots, context)
  const found = findings.map(
    ({ rule, code, at, message }) => `${rule} ${code} ${formatLocation(at)} ${message}`,
  )
  return { set, found }
}

/** The plan of a description without faults, as a gateway reads it. */
async function plan(files: Files) {
  const { set, found } = await check(files)
  assert.deepEqual(found, [])
  const made = planned(set)
  assert.deepEqual(made.findings, [])
  return made.plan
}

const faultsOf = async (rest: string, top = head) => (await check({ 'api.yaml': top + rest })).found

/** One channel and one operation that uses it. */
const one = (channel: string, operation: string, rest = '') =>
  `channels: { c: { ${channel} } }
operations: { o: { channel: { $ref: '#/channels/c' }, ${operation} } }
${rest}`

describe('AsyncAPI', () => {
  it('gives routes that publish, with parameters, bodies and bindings', async () => {
    const { routes, schemas } = await plan({
      'api.yaml': `${head}defaultContentType: application/json
servers: { broker: { host: broker.example, protocol: kafka } }
x-barbacane-middlewares: [{ name: my-auth }]
channels:
  created:
    address: orders/{kind}
    parameters: { kind: { enum: [new, old] } }
    bindings: { kafka: { topic: orders } }
    messages:
      order: { $ref: '#/components/messages/order' }
      note: { contentType: text/plain, bindings: { kafka: { key: { type: string } } } }
      either: { payload: { schemaFormat: 'application/schema+json;version=draft-07', schema: { $ref: 'types/note.yaml' } } }
operations:
  publishOrder:
    action: send
    channel: { $ref: '#/channels/created' }
    x-barbacane-dispatch: { name: mock, config: { status: 202 } }
    x-barbacane-middlewares: []
    traits: [{ bindings: { kafka: { clientId: { type: string } }, http: { method: PUT } } }]
    bindings: { http: { method: PATCH } }
  lastOrder:
    action: receive
    channel: { $ref: '#/channels/created' }
    messages: [{ $ref: '#/channels/created/messages/order' }]
    ${dispatch}
components:
  messages: { order: { payload: { $ref: '#/components/schemas/order' } } }
  schemas: { order: { type: object, required: [id], properties: { id: { type: integer } } } }
`,
      'types/note.yaml': 'type: string\nmaxLength: 100\n',
    })
    assert.deepEqual(
      routes.map(({ method, path, operation_id, spec }) => `${method} ${path} ${operation_id} ${spec}`),
      ['GET /orders/{kind} lastOrder api.yaml', 'PATCH /orders/{kind} publishOrder api.yaml'],
    )
    const [get, patch] = routes
    assert.equal(get?.body, null)
    assert.deepEqual(get?.middlewares, [{ name: 'my-auth', config: {} }])
    assert.deepEqual(patch?.middlewares, [])
    assert.deepEqual(patch?.dispatch, { name: 'mock', config: { status: 202 } })
    assert.deepEqual(patch?.bindings, {
      channel: { kafka: { topic: 'orders' } },
      operation: { kafka: { clientId: { type: 'string' } }, http: { method: 'PATCH' } },
      messages: [{}, { kafka: { key: { type: 'string' } } }, {}],
    })
    const [kind] = patch?.parameters ?? []
    assert.equal(kind?.in, 'path')
    assert.equal(kind?.required, true)
    assert.deepEqual(schemas[kind?.schema ?? -1], { type: 'string', enum: ['new', 'old'] })
    assert.equal(patch?.body?.required, true)
    const [json, text] = patch?.body?.content ?? []
    assert.deepEqual(
      [json?.media_range, text?.media_range, text?.schema],
      ['application/json', 'text/plain', null],
    )
    const union = JSON.stringify(schemas[json?.schema ?? -1])
    assert.match(union, /"oneOf":/)
    assert.match(union, /"required":\["id"\]/)
  })

  it('can be split into files', async () => {
    const { routes, schemas } = await plan({
      'api.yaml': `${head}channels: { c: { $ref: 'parts/channels.yaml#/c' } }
operations: { o: { $ref: 'parts/operations.yaml#/o' } }
`,
      'parts/channels.yaml': `c: { address: /a, messages: { m: { $ref: 'messages.yaml#/m' } } }\n`,
      'parts/messages.yaml': 'm: { payload: { type: integer } }\n',
      'parts/operations.yaml': `o: { action: send, channel: { $ref: '../api.yaml#/channels/c' }, messages: [{ $ref: 'channels.yaml#/c/messages/m' }], ${dispatch} }\n`,
    })
    assert.deepEqual(
      routes.map(({ method, path }) => `${method} ${path}`),
      ['POST /a'],
    )
    assert.deepEqual(schemas, [{ $ref: '#/$defs/payload', $defs: { payload: { type: 'integer' } } }])
  })

  it('shares the rules of OpenAPI, at the places of AsyncAPI', async () => {
    const found = await check({
      'api.yaml':
        head +
        one(
          'address: /a',
          'action: send, security: [{ $ref: "#/components/securitySchemes/key" }], x-barbacane-dispatch: { name: mock, config: { x: 1 } }',
          'components: { securitySchemes: { key: { type: httpApiKey, in: header, name: k } } }',
        ),
      'api2.yaml': `openapi: 3.1.0\ninfo: { title: t, version: '1' }\npaths: { /a: { post: { operationId: o, responses: { '200': { description: d } }, ${dispatch} } } }\n`,
    })
    assert.deepEqual(
      found.found.map((line) => line.replace(/ (\S+:\d+):\d+/, ' $1').slice(0, 70)),
      [
        'security-enforced E1032 api.yaml:4 POST /a: no middleware enforces the',
        'plugin-config E1023 api.yaml:4 The configuration of `mock` has an unkn',
        'operation-duplicate E1010 api2.yaml:3 POST /a is declared before in ap',
        'operation-id-unique E1055 api2.yaml:3 The operationId "o" is used befo',
      ],
    )
    assert.deepEqual(await faultsOf('', 'asyncapi: 1.2.0\n'), [
      'spec-format E1001 api.yaml:1:11 AsyncAPI 1.2.0 is not supported',
    ])
  })

  it('survives any change of any value', async () => {
    const sound = {
      asyncapi: '3.0.0',
      info: { title: 't', version: '1' },
      defaultContentType: 'application/json',
      servers: { s: { host: 'h', protocol: 'kafka' } },
      channels: {
        c: {
          address: '/a/{x}',
          servers: [{ $ref: '#/servers/s' }],
          parameters: { x: { enum: ['a'] } },
          messages: { m: { payload: {} } },
          bindings: { kafka: {} },
        },
      },
      operations: {
        o: {
          action: 'send',
          channel: { $ref: '#/channels/c' },
          messages: [{ $ref: '#/channels/c/messages/m' }],
          traits: [{ bindings: { http: { method: 'PUT' } } }],
          security: [{ $ref: '#/components/securitySchemes/k' }],
          'x-barbacane-dispatch': { name: 'mock' },
          'x-barbacane-middlewares': [{ name: 'my-auth' }],
        },
      },
      components: { securitySchemes: { k: { type: 'oauth2' } } },
    }
    const { document } = readSource('api.json', Buffer.from(JSON.stringify(sound)))
    assert.ok(document)
    const pointers: string[] = []
    const collect = (value: unknown, pointer: string): void => {
      pointers.push(pointer)
      if (typeof value !== 'object' || value === null) return
      for (const [key, child] of Object.entries(value)) collect(child, appendPointer(pointer, key))
    }
    for (const key of Object.keys(sound)) collect(sound[key as keyof typeof sound], `/${key}`)
    for (const pointer of pointers) {
      for (const replacement of [
        null,
        1,
        'x',
        [],
        {},
        [1],
        { $ref: '#' },
        { $ref: '#/operations/o' },
        { $ref: '#/no' },
      ]) {
        const root = structuredClone(sound)
        const tokens = parsePointer(pointer)
        const holder = resolvePointer(root, formatPointer(tokens.slice(0, -1))) as Record<string, unknown>
        holder[tokens.at(-1) ?? ''] = replacement
        const changed = { ...document, root }
        const { set, findings } = lowerAsyncapi(
          createDocumentSet([changed], new Map([['api.json', changed]])),
        )
        const found = [...findings, ...lint(set, { plugins: undefined, allowPlaintext: false })]
        assert.ok(found.every(({ at }) => at.file === 'api.json'))
      }
    }
  })

  it('has one operation for a path and a method', async () => {
    const found = await faultsOf(`channels: { a: { address: /a }, b: { address: a } }
operations:
  x: { action: send, channel: { $ref: '#/channels/a' }, ${dispatch} }
  y: { action: send, channel: { $ref: '#/channels/b' }, ${dispatch} }
`)
    assert.deepEqual(found, ['asyncapi-structure E1010 api.yaml:6:3 POST /a is another operation already'])
  })

  it('holds queues to what they can do', async () => {
    const found = await faultsOf(
      one(
        'address: /a',
        'action: receive, x-barbacane-dispatch: { name: kafka }',
        'servers: { s: { host: h, protocol: amqp } }\n',
      ),
    )
    assert.deepEqual(
      found.filter((line) => line.startsWith('asyncapi')),
      [
        'asyncapi-structure E1004 api.yaml:4:94 No server of the channel speaks the protocol of `kafka`',
        'asyncapi-structure E1004 api.yaml:4:94 `kafka` publishes and cannot answer an operation that receives',
      ],
    )
  })
})
