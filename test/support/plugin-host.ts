import { CallState } from '../../src/runtime/wasm/call-state.ts'
import { defaultPluginLimits, openModule, type PluginLimits } from '../../src/runtime/wasm/open-module.ts'
import type { EntryPoint } from '../../src/runtime/wasm/plugin-instance.ts'
import { PluginPool } from '../../src/runtime/wasm/plugin-pool.ts'
import type { PluginServices } from '../../src/runtime/wasm/plugin-services.ts'
import { watPlugin, type WatPlugin } from './wat-plugin.ts'

/** What a plugin did in a call. */
export interface Result {
  readonly code: number
  readonly output: string | undefined
  readonly state: CallState
}

export interface PluginRig {
  readonly pool: PluginPool
  /** Calls an entry point on an instance as `init` left it. */
  readonly call: (entry: EntryPoint, input?: string, prepare?: (state: CallState) => void) => Result
  readonly callAsync: (entry: EntryPoint, input?: string) => Promise<Result>
  readonly logs: string[]
  readonly metrics: string[]
}

export interface RigOptions {
  readonly configJson?: string
  readonly secrets?: Readonly<Record<string, string>>
  readonly fresh?: boolean
  readonly limits?: Partial<PluginLimits>
  readonly services?: Partial<PluginServices>
}

/** Runs a plugin with services that are in memory and a clock that stands still. */
export function rigFor(plugin: WatPlugin | Uint8Array, options: RigOptions = {}): PluginRig {
  const bytes = plugin instanceof Uint8Array ? plugin : watPlugin(plugin)
  const logs: string[] = []
  const metrics: string[] = []
  const services: PluginServices = {
    nowMs: () => 1_700_000_000_123,
    uptimeMs: () => 4567.8,
    uuid: () => '018bcfe5-687b-7000-8000-000000000001',
    fillRandom: (random) => random.fill(0xa5),
    log: (level, text) => logs.push(`${level}: ${text}`),
    http: () => Promise.reject(new Error('nothing is reached in this test')),
    upgrade: () => Promise.resolve('nothing is reached in this test'),
    rateLimit: (_key, limit) => ({ allowed: true, limit, remaining: limit - 1, reset: 1_700_000_060 }),
    cacheGet: () => undefined,
    cacheSet: () => true,
    count: (name, labels, by) => metrics.push(`${name}${JSON.stringify(labels)}+${by}`),
    observe: (name, labels, value) => metrics.push(`${name}${JSON.stringify(labels)}=${value}`),
    ...options.services,
  }
  const pool = PluginPool.start(openModule(bytes, { ...defaultPluginLimits, ...options.limits }), {
    configJson: options.configJson ?? '{}',
    secrets: new Map(Object.entries(options.secrets ?? {})),
    services,
    fresh: options.fresh ?? false,
  })
  const begin = (entry: EntryPoint, input: string, prepare?: (state: CallState) => void) => {
    const instance = pool.lease()
    const state = new CallState(new Map(), null)
    prepare?.(state)
    try {
      return { instance, state, code: instance.call(entry, input, state) }
    } catch (error) {
      pool.discard()
      throw error
    }
  }
  return {
    pool,
    logs,
    metrics,
    call: (entry, input = '{}', prepare) => {
      const { instance, state, code } = begin(entry, input, prepare)
      if (typeof code !== 'number') throw new TypeError('the plugin waits; use callAsync')
      pool.release(instance)
      return { code, state, output: state.output?.toString() }
    },
    callAsync: async (entry, input = '{}') => {
      const { instance, state, code } = begin(entry, input)
      try {
        const result = { code: await code, state, output: state.output?.toString() }
        pool.release(instance)
        return result
      } catch (error) {
        pool.discard()
        throw error
      }
    },
  }
}
