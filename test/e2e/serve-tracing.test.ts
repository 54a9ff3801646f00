import assert from 'node:assert/strict'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { describe, it, type TestContext } from 'node:test'

import { planArtifact, route, upstream } from '../support/plan-artifact.ts'
import { startCollector, type CollectedSpan } from '../support/otlp-collector.ts'
import { spawnGateway } from '../support/spawn-gateway.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const PARENT = '00f067aa0ba902b7'

interface Sent {
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** What a service saw and a collector got of some requests through a gateway, which has ended since. */
async function traced(
  context: TestContext,
  requests: readonly Sent[],
  { sampling, endpoint }: { readonly sampling?: string; readonly endpoint?: string } = {},
) {
  const seen: IncomingHttpHeaders[] = []
  const service = createServer((request, response) => {
    seen.push(request.headers)
    if (request.url === '/failing') response.statusCode = 500
    response.end('ok')
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  context.after(() => {
    service.closeAllConnections()
    service.close()
  })
  const { port } = service.address() as { port: number }
  const collector = await startCollector(context)
  const gateway = await spawnGateway(context, {
    artifact: planArtifact({
      allowPlaintext: true,
      routes: [
        route('GET', '/{rest+}', {
          middlewares: [{ name: 'correlation-id', config: {} }],
          dispatch: upstream(`http://127.0.0.1:${port}`),
        }),
      ],
    }),
    flags: [
      '--allow-plaintext-upstream',
      ...(endpoint === 'none' ? [] : ['--otlp-endpoint', endpoint ?? collector.origin]),
      ...(sampling === undefined ? [] : ['--trace-sampling', sampling]),
      '--node-name',
      'edge-1',
    ],
    env: { OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=k1' },
  })
  for (const { path = '/books', headers = {} } of requests) {
    await (await fetch(gateway.url + path, { headers })).text()
  }
  assert.equal(await gateway.stop(), 0)
  return { seen, collector, spans: collector.spans(), log: gateway.log() }
}

const parentOf = (headers: IncomingHttpHeaders | undefined) => String(headers?.['traceparent']).split('-')

describe('traces', () => {
  it('have a span for a request, one for each of its stages and one for the service', async (context) => {
    const { spans, seen, collector, log } = await traced(context, [{ path: '/books/7?token=secret' }])
    const server = spans.find(({ kind }) => kind === 2) as CollectedSpan
    assert.equal(server.name, 'GET /{rest+}')
    assert.equal(server.parentSpanId, '')
    assert.deepEqual(server.attributes, {
      'http.request.method': 'GET',
      'url.path': '/books/7',
      'http.route': '/{rest+}',
      'http.response.status_code': 200,
      'client.address': '127.0.0.1',
    })
    const children = spans.filter(({ parentSpanId }) => parentSpanId === server.spanId)
    assert.deepEqual(
      new Set(children.map(({ name }) => name)),
      new Set(['route', 'middleware correlation-id', 'validate', 'dispatch http-upstream', 'GET']),
    )
    assert.equal(children.length, spans.length - 1)
    for (const { traceId, startNs, endNs } of children) {
      assert.equal(traceId, server.traceId)
      assert.ok(startNs <= endNs && server.startNs <= startNs && endNs <= server.endNs)
    }
    const client = children.find(({ kind }) => kind === 3) as CollectedSpan
    assert.equal(client.attributes['http.response.status_code'], 200)
    assert.equal(client.attributes['server.address'], '127.0.0.1')
    assert.deepEqual(parentOf(seen[0]), ['00', server.traceId, client.spanId, '01'])
    assert.deepEqual(
      [server.resource['service.name'], server.resource['service.instance.id']],
      ['barbacane', 'edge-1'],
    )
    const [request] = collector.requests
    assert.equal(request?.url, '/v1/traces')
    assert.equal(request?.headers['x-collector-key'], 'k1')
    assert.equal(log.find(({ msg }) => msg === 'request')?.['trace_id'], server.traceId)
    assert.doesNotMatch(
      JSON.stringify(spans, (_, value: unknown) => String(value)),
      /secret/,
    )
  })

  it('go on with the trace of the client, and with its state (W3C Trace Context §3)', async (context) => {
    const headers = { traceparent: `00-${TRACE}-${PARENT}-01`, tracestate: 'vendor=1, other=2' }
    const { spans, seen } = await traced(context, [{ headers }], { sampling: '0' })
    const server = spans.find(({ kind }) => kind === 2)
    assert.deepEqual([server?.traceId, server?.parentSpanId], [TRACE, PARENT])
    assert.equal(server?.traceState.replaceAll(' ', ''), 'vendor=1,other=2')
    assert.equal(parentOf(seen[0])[1], TRACE)
    assert.equal(String(seen[0]?.['tracestate']).replaceAll(' ', ''), 'vendor=1,other=2')
  })

  it('are not recorded where the client says so, and say so to the service', async (context) => {
    const headers = { traceparent: `00-${TRACE}-${PARENT}-00` }
    const { spans, seen } = await traced(context, [{ headers }])
    assert.deepEqual(spans, [])
    const [, traceId, spanId, flags] = parentOf(seen[0])
    assert.deepEqual([traceId, flags], [TRACE, '00'])
    assert.notEqual(spanId, PARENT)
  })

  it('begin anew where what the client says has no meaning, without its state', async (context) => {
    const sent = [
      `00-${'0'.repeat(32)}-${PARENT}-01`,
      `00-${TRACE}-${'0'.repeat(16)}-01`,
      `ff-${TRACE}-${PARENT}-01`,
      `00-${TRACE}-${PARENT}`,
      `00-${TRACE.toUpperCase()}-${PARENT}-01`,
      `00-${TRACE}-${PARENT}-01-more`,
      'nonsense',
    ].map((traceparent) => ({ headers: { traceparent, tracestate: 'vendor=1' } }))
    const { spans, seen } = await traced(context, sent)
    const servers = spans.filter(({ kind }) => kind === 2)
    assert.equal(servers.length, sent.length)
    for (const [index, { traceId, parentSpanId }] of servers.entries()) {
      assert.notEqual(traceId, TRACE)
      assert.equal(parentSpanId, '')
      assert.equal(parentOf(seen[index])[1], traceId)
      assert.equal(seen[index]?.['tracestate'], undefined)
    }
    assert.equal(new Set(servers.map(({ traceId }) => traceId)).size, sent.length)
  })

  it('are sampled by their share where nobody says', async (context) => {
    const none = await traced(context, [{}, {}, {}], { sampling: '0' })
    assert.deepEqual(none.spans, [])
    assert.ok(none.seen.every((headers) => parentOf(headers)[3] === '00'))
  })

  it('mark what failed as errors', async (context) => {
    const { spans } = await traced(context, [{ path: '/failing' }])
    const codes = spans.filter(({ kind }) => kind !== 1).map(({ kind, statusCode }) => [kind, statusCode])
    assert.deepEqual(new Set(codes.map(([, code]) => code)), new Set([2]))
  })

  it('pass as they came where there is no collector', async (context) => {
    const headers = { traceparent: `00-${TRACE}-${PARENT}-01`, tracestate: 'vendor=1' }
    const { seen, log, collector } = await traced(context, [{ headers }, {}], { endpoint: 'none' })
    assert.deepEqual(
      [seen[0]?.['traceparent'], seen[0]?.['tracestate'], seen[1]?.['traceparent']],
      [headers.traceparent, 'vendor=1', undefined],
    )
    assert.deepEqual(collector.requests, [])
    assert.ok(log.every((line) => !('trace_id' in line)))
  })

  it('do not keep a request from its answer when the collector is away, and the log says so', async (context) => {
    const { seen, log } = await traced(context, [{}, {}], { endpoint: 'http://127.0.0.1:1' })
    assert.equal(seen.length, 2)
    assert.ok(log.some(({ msg, level }) => msg === 'traces were not delivered' && level === 'error'))
  })
})
