import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'

import { decodeArtifact } from '../src/artifact/index.ts'
import { loadConfiguration } from '../src/runtime/configuration.ts'
import { Fields, type GatewayRequest, type Reply } from '../src/runtime/http/index.ts'
import { createProxyTrust } from '../src/runtime/http/proxy-trust.ts'
import { createMiddlewareState } from '../src/runtime/middlewares/index.ts'
import { startTracing } from '../src/runtime/start-tracing.ts'
import { createGatewayMetrics, createLogger, type Tracing } from '../src/runtime/telemetry/index.ts'
import { fakeRuntimeHost } from '../test/support/fake-runtime-host.ts'
import { parameter, planArtifact, route } from '../test/support/plan-artifact.ts'
import { median } from './measure.ts'
import { stubRequest } from './stub-request.ts'

const rounds = Number(process.argv[2] ?? 9)
/** So many at once, each with a few spans, as the queue of the exporter has room for. */
const BATCH = 100
const BATCHES_A_ROUND = 50
/** Time in which a batch is sent to the collector. */
const EXPORT_MS = 20

/** Takes what it is sent and throws it away; a process of its own, so that its work is not counted. */
const COLLECTOR = `
  const { createServer } = require('node:http')
  let bytes = 0
  const server = createServer((request, response) => {
    if (request.method === 'GET') return response.end(String(bytes))
    request.on('data', (chunk) => (bytes += chunk.length))
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end())
  })
  server.listen(0, '127.0.0.1', () => console.log(server.address().port))
`
const collector = spawn(process.execPath, ['-e', COLLECTOR], { stdio: ['ignore', 'pipe', 'inherit'] })
const [port] = (await once(collector.stdout, 'data')) as [Buffer]
const origin = `http://127.0.0.1:${String(port).trim()}`

const warnings: string[] = []
const host = {
  ...fakeRuntimeHost({}, (text) => void warnings.push(text)),
  nowMs: Date.now,
  monotonicMs: () => performance.now(),
}
const log = createLogger({ level: 'warn', format: 'json', nowMs: host.nowMs, write: host.writeLog })
const artifact = decodeArtifact(
  planArtifact({
    schemas: [{ type: 'integer' }],
    routes: [
      route('GET', '/orders/{id}', {
        parameters: [parameter('id', 'path', { schema: 0 })],
        middlewares: [
          { name: 'correlation-id', config: {} },
          { name: 'rate-limit', config: { quota: 1_000_000, window: 1 } },
        ],
      }),
    ],
  }),
)

const traced = (sampling: number) =>
  startTracing({ url: `${origin}/v1/traces`, sampling }, { node: 'bench', version: '0' }, host, log)
const contenders = {
  'no collector': handlerWith(undefined),
  'a collector, none sampled': handlerWith(await traced(0)),
  'a collector, one of a hundred sampled': handlerWith(await traced(0.01)),
  'a collector, all sampled': handlerWith(await traced(1)),
}

const samples = new Map<string, number[]>()
for (let round = -2; round < rounds; round += 1) {
  for (const [name, handle] of Object.entries(contenders)) {
    const microseconds = await cpuOf(handle)
    if (round >= 0) samples.set(name, [...(samples.get(name) ?? []), microseconds])
  }
}
const receivedBytes = Number(await (await fetch(origin)).text())
collector.kill()
if (warnings.length > 0 || receivedBytes === 0) {
  console.error(`nothing was exported, or not all: ${receivedBytes} bytes\n${warnings.slice(0, 3).join('')}`)
  process.exit(1)
}
const bare = samples.get('no collector') as number[]
console.log('| tracing | cpu µs a request | ÷ without a collector |\n|---|---|---|')
for (const [name, values] of samples) {
  const ratio = median(values.map((value, index) => value / (bare[index] as number)))
  console.log(`| ${name} | ${median(values).toFixed(2)} | ${ratio.toFixed(2)} |`)
}
process.exit(0)

function handlerWith(tracing: Tracing | undefined) {
  const state = {
    activeConnections: () => 0,
    targets: () => [],
    build: () => ({ artifact_hash: '', version: '' }),
  }
  const { onRequest } = loadConfiguration(artifact, null, {
    host,
    log,
    tracing,
    metrics: createGatewayMetrics(state, host),
    dev: false,
    allowPlaintextUpstream: false,
    allowPrivateUpstreams: false,
    maxBodyBytes: 1_000_000,
    proxyTrust: createProxyTrust([]),
    middlewareState: createMiddlewareState(),
    secretsDir: '/',
  })
  return onRequest
}

/** Processor time of one request with all that follows from it, in microseconds. */
async function cpuOf(handle: (request: GatewayRequest, reply: Reply) => void): Promise<number> {
  const before = process.cpuUsage()
  for (let batch = 0; batch < BATCHES_A_ROUND; batch += 1) {
    for (let count = 0; count < BATCH; count += 1) answer(handle)
    await setTimeout(EXPORT_MS)
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / (BATCH * BATCHES_A_ROUND)
}

function answer(handle: (request: GatewayRequest, reply: Reply) => void): void {
  const listeners: ((complete: boolean) => void)[] = []
  const request = stubRequest(
    Fields.received(['host', 'api.example', 'accept', 'application/json', 'user-agent', 'bench']),
  )
  const reply: Reply = {
    send: ({ status }) => {
      if (status !== 200) throw new Error(`the answer is ${status}`)
      for (const listener of listeners) listener(true)
    },
    stream: () => {
      throw new Error('the answer is streamed')
    },
    onClose: (listener) => void listeners.push(listener),
  }
  handle(request, reply)
}
