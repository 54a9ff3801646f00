import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { decodeArtifact } from '../../../src/artifact/index.ts'
import { compareApis, type Difference } from '../../../src/diff/index.ts'
import type { ApiContract, PluginDescriptor, PluginUse } from '../../../src/domain/index.ts'
import { body, parameter, planArtifact, route, type PlanArtifact } from '../../support/plan-artifact.ts'
import { sampleArtifact } from '../../support/sample-artifact.ts'

function compare(before: PlanArtifact, after: PlanArtifact, withBuild = false): Difference {
  const [was, is] = [before, after].map((plan) => decodeArtifact(planArtifact(plan)))
  assert.ok(was !== undefined && is !== undefined)
  return compareApis(was, is, { withBuild })
}

function ids({ changes }: Difference): readonly string[] {
  return changes.map(({ id, subject }) => `${id} ${subject.pointer}`.trim())
}

function idsOf(
  before: Parameters<typeof route>[2],
  after: Parameters<typeof route>[2],
  schemas = [{ type: 'integer' }],
) {
  const plan = (members: Parameters<typeof route>[2]) => ({
    routes: [route('GET', '/a/{id}', members)],
    schemas,
  })
  return ids(compare(plan(before), plan(after)))
}

describe('compareApis', () => {
  it('finds operations that came, went and moved', () => {
    const before = [route('GET', '/a'), route('GET', '/b', { operation_id: 'b' }), route('GET', '/c/{id}')]
    const after = [route('GET', '/c/{key}'), route('GET', '/d'), route('PUT', '/b2', { operation_id: 'b' })]
    const found = compare({ routes: before }, { routes: after })
    assert.deepEqual(
      found.changes.map(({ id, subject, level }) => [level, id, subject.operation]),
      [
        ['breaking', 'operation-removed', 'GET /a'],
        ['breaking', 'operation-moved', 'PUT /b2'],
        ['safe', 'operation-added', 'GET /d'],
        ['safe', 'operation-path-renamed', 'GET /c/{key}'],
      ],
    )
    assert.deepEqual(found.operations, {
      added: ['GET /d'],
      changed: ['GET /c/{key}', 'PUT /b2'],
      removed: ['GET /a'],
    })
    assert.deepEqual(found.counts, { breaking: 2, risky: 0, safe: 2 })
  })

  it('finds what descriptions say of requests and answers, where it is given them', () => {
    const [was, is] = [
      {},
      { response_validation: { mode: 'enforce', sample: 1, responses: [] } } as const,
    ].map((members) => decodeArtifact(planArtifact({ routes: [route('GET', '/a', members)] })))
    assert.ok(was !== undefined && is !== undefined)
    const contract = (status: string, scheme: string): ApiContract => ({
      routes: new Map([
        [
          'GET /a',
          { security: [new Map([[scheme, []]])], responses: [{ status, headers: [], content: null }] },
        ],
      ]),
      schemas: [],
    })
    const contracts = [contract('200', 'http basic'), contract('204', 'http bearer')] as const
    assert.deepEqual(ids(compareApis(was, is, { withBuild: false, contracts })), [
      'security-raised /security',
      'response-success-removed /responses/200',
      'response-validation-changed /response_validation',
      'response-success-added /responses/204',
      'security-lowered /security',
    ])
    assert.deepEqual(ids(compareApis(was, is, { withBuild: false })), [
      'response-validation-changed /response_validation',
    ])
  })

  it('finds what is said of the life of an operation', () => {
    const sunset = 'Sat, 31 Dec 2050 23:59:59 GMT'
    assert.deepEqual(idsOf({}, { deprecated: true, sunset, operation_id: 'x' }), [
      'operation-id-changed /operationId',
      'operation-sunset-set /x-sunset',
      'operation-deprecated /deprecated',
    ])
    assert.deepEqual(idsOf({ deprecated: true, sunset }, {}), [
      'operation-undeprecated /deprecated',
      'operation-sunset-removed /x-sunset',
    ])
    assert.deepEqual(idsOf({ sunset }, { sunset: 'later' }), ['operation-sunset-changed /x-sunset'])
  })

  it('compares parameters by location and name', () => {
    const q = (members = {}) => ({ parameters: [parameter('q', 'query', members)] })
    assert.deepEqual(idsOf({}, q({ required: true })), ['parameter-required-added /parameters/query/q'])
    assert.deepEqual(idsOf({}, q()), ['parameter-optional-added /parameters/query/q'])
    assert.deepEqual(idsOf(q(), {}), ['parameter-removed /parameters/query/q'])
    assert.deepEqual(idsOf(q(), q({ required: true })), [
      'parameter-made-required /parameters/query/q/required',
    ])
    assert.deepEqual(idsOf(q({ required: true }), q()), [
      'parameter-made-optional /parameters/query/q/required',
    ])
    const header = { parameters: [parameter('Q', 'header')] }
    assert.deepEqual(idsOf(header, { parameters: [parameter('q', 'header')] }), [])
    assert.deepEqual(idsOf({ parameters: [parameter('q', 'header')] }, q()), [
      'parameter-location-changed /parameters/query/q',
    ])
    assert.deepEqual(idsOf(q(), q({ style: 'pipeDelimited', allow_reserved: true })), [
      'parameter-style-changed /parameters/query/q/style',
      'parameter-reserved-changed /parameters/query/q/allowReserved',
    ])
    assert.deepEqual(idsOf(q(), q({ explode: false })), [
      'parameter-explode-changed /parameters/query/q/explode',
    ])
    assert.deepEqual(idsOf(q({ schema: 0 }), q({ schema: 0, explode: false })), [
      'parameter-encoding-unused /parameters/query/q/explode',
    ])
    assert.deepEqual(idsOf(q(), q({ media_type: 'application/json', schema: 0 })), [
      'parameter-media-type-changed /parameters/query/q/content',
      'schema-type-narrowed /parameters/query/q/schema/type',
    ])
  })

  it('compares bodies by media type', () => {
    const json = { body: body('application/json', null) }
    assert.deepEqual(idsOf({}, json), ['body-required-added /body'])
    assert.deepEqual(idsOf({}, { body: body('application/json', null, { required: false }) }), [
      'body-optional-added /body',
    ])
    assert.deepEqual(idsOf(json, {}), ['body-removed /body'])
    assert.deepEqual(idsOf(json, { body: body('application/json', 0, { required: false }) }), [
      'schema-type-narrowed /body/content/application~1json/schema/type',
      'body-made-optional /body/required',
    ])
    assert.deepEqual(idsOf({ body: body('text/plain', null, { required: false }) }, json), [
      'body-made-required /body/required',
      'body-media-type-removed /body/content/text~1plain',
      'body-media-type-added /body/content/application~1json',
    ])
    assert.deepEqual(idsOf(json, { body: body('application/*', null) }), [
      'body-media-type-added /body/content/application~1*',
    ])
    const form = (style: 'form' | null) => {
      const encoding = { a: { content_type: null, style, explode: null, allow_reserved: false } }
      return {
        body: { required: true, content: [{ media_range: 'multipart/form-data', schema: null, encoding }] },
      }
    }
    assert.deepEqual(idsOf(form(null), form('form')), [
      'body-encoding-changed /body/content/multipart~1form-data/encoding',
    ])
  })

  it('compares chains: who is in them, in which order, configured how', () => {
    const use = (name: string, config = {}): PluginUse => ({ name, config })
    const chain = (...middlewares: PluginUse[]) => ({ middlewares })
    assert.deepEqual(idsOf(chain(use('a')), chain(use('b'))), [
      'middleware-removed /middlewares/a',
      'middleware-added /middlewares/b',
    ])
    assert.deepEqual(idsOf(chain(use('a'), use('b')), chain(use('b'), use('a'))), [
      'middleware-reordered /middlewares',
    ])
    assert.deepEqual(
      idsOf(chain(use('a'), use('a', { n: { m: 1 } })), chain(use('a'), use('a', { n: { m: 2 } }))),
      ['middleware-config-changed /middlewares/a#2/config/n/m'],
    )
    const to = (config: PluginUse['config']) => ({ dispatch: { name: 'http-upstream', config } })
    const url = 'https://a.example'
    assert.deepEqual(idsOf({}, to({ url })), ['dispatcher-changed /dispatch'])
    assert.deepEqual(idsOf(to({ url, path: '/x' }), to({ url: 'https://b.example', timeout: 5 })), [
      'dispatcher-config-changed /dispatch/config/path',
      'upstream-url-changed /dispatch/config/url',
      'upstream-timeout-lowered /dispatch/config/timeout',
    ])
    assert.deepEqual(idsOf(to({ url, timeout: 5 }), to({ url })), [
      'upstream-timeout-raised /dispatch/config/timeout',
    ])
  })

  it('prints no secret', () => {
    const config = (secret: string) => ({
      apiKey: secret,
      secrets: { first: { value: secret } },
      note: `see https://me:${secret}@a.example`,
      url: `https://me:${secret}@a.example/?token=${secret}`,
      header: `Bearer ${secret}`,
      list: { tokens: [secret] },
      safe: 'env://NAME',
    })
    const plan = (secret: string, more = {}) => ({
      routes: [route('GET', '/', { middlewares: [{ name: 'm', config: { ...config(secret), ...more } }] })],
    })
    const found = compare(plan('hunter2hunter2'), plan('correcthorse', { safe: 'env://OTHER' }))
    assert.equal(found.changes.length, 7)
    assert.doesNotMatch(JSON.stringify(found), /hunter2|correcthorse/)
    assert.match(JSON.stringify(found), /env:\/\/OTHER/)
  })

  it('compares what artifacts were made of', () => {
    const plugin = (members: Partial<PluginDescriptor> = {}): PluginDescriptor => ({
      name: 'p',
      version: '1.0.0',
      type: 'middleware',
      path: 'plugins/mock.wasm',
      sha256: 'a'.repeat(64),
      license: null,
      capabilities: ['log'],
      ...members,
    })
    const artifact = (plugins: readonly PluginDescriptor[], options: string, name = 'specs/pets.yaml') =>
      decodeArtifact(
        sampleArtifact({
          inputs: [
            { kind: 'option', path: '.barbacane/options.json', text: options },
            { kind: 'plugin', path: 'plugins/mock.wasm', text: '\0asm\x01\0\0\0' },
            { kind: 'spec', path: name, text: options },
          ],
          manifest: { plugins: plugins.map((one) => ({ ...one, sha256: sha })) },
        }),
      )
    const sha = '93a44bbb96c751218e4c00d479e4c14358122a389acca16205b1e4d0dc5f9476'
    const before = artifact([plugin()], '{"allow_plaintext":false}')
    const changed = plugin({ version: '2.0.0', capabilities: ['http_call'], type: 'dispatcher' })
    const after = artifact([changed, plugin({ name: 'q' })], '{"allow_plaintext":true,"specs":["a"]}')
    assert.deepEqual(ids(compareApis(before, after, { withBuild: true })), [
      'plugin-version-changed /plugins/p/version',
      'plugin-type-changed /plugins/p/type',
      'plugin-capability-added /plugins/p/capabilities',
      'plaintext-allowed /options/allow_plaintext',
      'plugin-capability-removed /plugins/p/capabilities',
      'plugin-added /plugins/q',
      'option-changed /options/specs',
      'input-changed /inputs/specs~1pets.yaml',
    ])
    assert.deepEqual(ids(compareApis(before, after, { withBuild: false })), [])
    const back = ids(compareApis(after, before, { withBuild: true }))
    assert.ok(
      back.includes('plugin-removed /plugins/q') &&
        back.includes('plaintext-refused /options/allow_plaintext'),
    )
    const renamed = artifact([plugin()], '{"allow_plaintext":false}', 'specs/dogs.yaml')
    assert.deepEqual(ids(compareApis(before, renamed, { withBuild: true })), [
      'input-added /inputs/specs~1dogs.yaml',
      'input-removed /inputs/specs~1pets.yaml',
    ])
  })

  it('finds the other way round as removed what it finds as added', () => {
    const method = fc.constantFrom('GET', 'PUT')
    const address = fc.tuple(method, fc.constantFrom('/a', '/b', '/c/{id}', '/c/{key}'))
    const routes = fc
      .uniqueArray(address, { selector: ([name, path]) => name + path.replace(/\{.*/, ''), maxLength: 5 })
      .map((addresses) => addresses.map(([name, path]) => route(name, path)))
    fc.assert(
      fc.property(routes, routes, (before, after) => {
        const [there, back] = [
          compare({ routes: before }, { routes: after }),
          compare({ routes: after }, { routes: before }),
        ]
        assert.deepEqual(there.operations.added.toSorted(), back.operations.removed.toSorted())
        assert.deepEqual(there.operations.removed.toSorted(), back.operations.added.toSorted())
        assert.equal(there.counts.breaking, back.operations.added.length)
        assert.deepEqual(ids(compare({ routes: before }, { routes: before }, true)), [])
      }),
      { numRuns: 50 },
    )
  })
})
