import { decodeArtifact } from '../src/artifact/index.ts'
import { loadConfiguration } from '../src/runtime/configuration.ts'
import { createProxyTrust } from '../src/runtime/http/index.ts'
import { createMiddlewareState } from '../src/runtime/middlewares/index.ts'
import { createGatewayMetrics, createLogger } from '../src/runtime/telemetry/index.ts'
import { fakeRuntimeHost } from '../test/support/fake-runtime-host.ts'
import { gatewayRequest } from '../test/support/gateway-request.ts'
import { median } from './measure.ts'
import { chainLengths, chainsArtifact, kinds, pathOf } from './plugin-chains.ts'

const rounds = Number(process.argv[2] ?? 9)
const calls = 2000

const host = fakeRuntimeHost()
const metrics = createGatewayMetrics(
  { activeConnections: () => 0, targets: () => [], build: () => ({ artifact_hash: '', version: '' }) },
  host,
)
const log = createLogger({ level: 'error', format: 'json', nowMs: () => 0, write: () => undefined })
const reply = {
  send: () => undefined,
  stream: () => {
    throw new Error('nothing is streamed here')
  },
  onClose: () => undefined,
}
const headers = ['Host', 'a.example', 'Accept', '*/*', 'User-Agent', 'bench']

const { onRequest } = loadConfiguration(decodeArtifact(chainsArtifact), null, {
  host,
  log,
  metrics,
  dev: false,
  allowPlaintextUpstream: false,
  allowPrivateUpstreams: false,
  maxBodyBytes: 1024 * 1024,
  proxyTrust: createProxyTrust([]),
  secretsDir: '/',
  middlewareState: createMiddlewareState(),
})

/** Answers one request by the route of this path. */
function ask(path: string): () => void {
  return () => onRequest(gatewayRequest({ path, headers, remoteAddress: '198.51.100.1' }), reply)
}

/** The median of microseconds a request, with the contenders in turn. */
function compare(contenders: Readonly<Record<string, () => void>>): Record<string, number> {
  const samples: Record<string, number[]> = {}
  for (let round = -2; round < rounds; round += 1) {
    for (const [name, request] of Object.entries(contenders)) {
      const started = process.hrtime.bigint()
      for (let count = 0; count < calls; count += 1) request()
      const micros = Number(process.hrtime.bigint() - started) / calls / 1000
      if (round >= 0) (samples[name] ??= []).push(micros)
    }
  }
  return Object.fromEntries(Object.entries(samples).map(([name, all]) => [name, median(all)]))
}

console.log(
  '| middlewares | native µs each | WebAssembly µs each | an instance a request µs each | fresh ÷ reused |',
)
console.log('|---|---|---|---|---|')
for (const length of chainLengths) {
  const {
    none = 0,
    native = 0,
    reused = 0,
    fresh = 0,
  } = compare({
    none: ask('/none'),
    ...Object.fromEntries(kinds.map((kind) => [kind, ask(pathOf(kind, length))])),
  })
  const each = (total: number) => (total - none) / length
  console.log(
    `| ${length} | ${each(native).toFixed(1)} | ${each(reused).toFixed(1)} | ${each(fresh).toFixed(0)} | ${(each(fresh) / each(reused)).toFixed(0)} |`,
  )
}
process.exit(0)
