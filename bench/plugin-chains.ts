import type { PluginUse } from '../src/domain/index.ts'
import { planArtifact, route } from '../test/support/plan-artifact.ts'
import { withManifest } from '../test/support/wasm.ts'
import { data, entry, watPlugin } from '../test/support/wat-plugin.ts'

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

const uses = (name: string, count: number): readonly PluginUse[] =>
  Array.from({ length: count }, (_, index) => ({ name, config: { index } }))

export const chainLengths = [1, 3, 5] as const
export const kinds = ['native', 'reused', 'fresh'] as const

export type Kind = (typeof kinds)[number]

export function pathOf(kind: Kind, length: number): string {
  return `/${kind}-${length}`
}

/** An artifact with a route for each kind and length of chain, and `/none` without one, all answered by a mock. */
export const chainsArtifact = planArtifact({
  plugins,
  routes: [
    route('GET', '/none'),
    ...chainLengths.flatMap((length) =>
      kinds.map((kind) =>
        route('GET', pathOf(kind, length), {
          middlewares: [...(kind === 'native' ? native.slice(0, length) : uses(kind, length))],
        }),
      ),
    ),
  ],
})
