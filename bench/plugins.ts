import { decodeArtifact } from '../src/artifact/index.ts'
import type { PluginUse } from '../src/domain/index.ts'
import { loadConfiguration } from '../src/runtime/configuration.ts'
import { createProxyTrust } from '../src/runtime/http/index.ts'
import { createMiddlewareState } from '../src/runtime/middlewares/index.ts'
import { createGatewayMetrics, createLogger } from '../src/runtime/telemetry/index.ts'
import { fakeRuntimeHost } from '../test/support/fake-runtime-host.ts'
import { gatewayRequest } from '../test/support/gateway-request.ts'
import { planArtifact, route } from '../test/support/plan-artifact.ts'
import { withManifest } from '../test/support/wasm.ts'
import { data, entry, watPlugin } from '../test/support/wat-plugin.ts'
import { median } from './measure.ts'

const rounds = Number(process.argv[2] ?? 9)
const calls = 2000

/** Has a mebibyte of memory, as plugins of Rust have, looks at its input, sets a header and keeps a state for the response. */
const answer =
  '{"action":0,"data":{"headers":{"host":"a.example","accept":"*/*","user-agent":"bench","x-plugin":"yes"}}}'
const plugin = watPlugin({
  memory: '(memory (export "memory") 17)',
  body: `${data(1024, answer)} ${data(70_000, 'x'.repeat(1000))} ${entry(
    'on_request',
    `(i32.store (i32.const 200000) (i32.load (local.get $p)))
    (call $host_set_output (i32.const 1024) (i32.const ${answer.length})) (i32.const 0)`,
  )}`,
})
const plugins = { reused: plugin, fresh: withManifest(plugin, '[instance]\nfresh = true\n') }

const native: readonly PluginUse[] = [
  { name: 'correlation-id', config: {} },
  { name: 'ip-restriction', config: { deny: ['192.0.2.0/24'] } },
  { name: 'bot-detection', config: { deny: ['evil'] } },
  { name: 'request-size-limit', config: {} },
  { name: 'cel', config: { expression: 'request.method == "GET"' } },
]

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

/** Answers one request by a mock behind these middlewares. */
function gatewayWith(middlewares: readonly PluginUse[]): () => void {
  const artifact = planArtifact({ plugins, routes: [route('GET', '/a', { middlewares })] })
  const { onRequest } = loadConfiguration(decodeArtifact(artifact), null, {
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
  return () => onRequest(gatewayRequest({ path: '/a', headers, remoteAddress: '198.51.100.1' }), reply)
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

const uses = (name: string, count: number): PluginUse[] =>
  Array.from({ length: count }, (_, index) => ({ name, config: { index } }))

console.log(
  '| middlewares | native µs each | WebAssembly µs each | an instance a request µs each | fresh ÷ reused |',
)
console.log('|---|---|---|---|---|')
for (const count of [1, 3, 5]) {
  const chosen = native.slice(0, count)
  const {
    none = 0,
    ours = 0,
    reused = 0,
    fresh = 0,
  } = compare({
    none: gatewayWith([]),
    ours: gatewayWith(chosen),
    reused: gatewayWith(uses('reused', count)),
    fresh: gatewayWith(uses('fresh', count)),
  })
  const each = (total: number) => (total - none) / count
  console.log(
    `| ${count} | ${each(ours).toFixed(1)} | ${each(reused).toFixed(1)} | ${each(fresh).toFixed(0)} | ${(each(fresh) / each(reused)).toFixed(0)} |`,
  )
}
process.exit(0)
