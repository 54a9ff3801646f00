import { randomFillSync } from 'node:crypto'

import type { WindowCounter, WindowState } from '../../limits/index.ts'
import type { RuntimeHost } from '../../runtime-host.ts'
import type { Logger, PluginMetrics } from '../../telemetry/index.ts'
import type { PluginServices, RateDecision } from '../plugin-services.ts'
import type { PluginCache } from './plugin-cache.ts'
import type { PluginHttp } from './plugin-http.ts'
import type { PluginUpgrade } from './plugin-upgrade.ts'
import { uuidV7 } from './uuid-v7.ts'

/** What the plugins of one configuration share. */
export interface ServiceContext {
  readonly host: RuntimeHost
  readonly log: Logger
  readonly metrics: PluginMetrics
  readonly cache: PluginCache
  readonly windows: WindowCounter
  readonly http: PluginHttp
  readonly upgrade: PluginUpgrade
}

/** The services of one plugin: keys, metrics and lines of the log are its own. */
export function createServices(plugin: string, context: ServiceContext): PluginServices {
  const { host, log, metrics, cache, windows, http, upgrade } = context
  const random = Buffer.alloc(10)
  return {
    nowMs: host.nowMs,
    uptimeMs: host.monotonicMs,
    uuid: () => uuidV7(host.nowMs(), randomFillSync(random)),
    fillRandom: (bytes) => void randomFillSync(bytes),
    log: (level, text) => log.log(level, text, { plugin }),
    http,
    upgrade,
    rateLimit: (key, quota, windowSeconds) => {
      const nowMs = host.monotonicMs()
      const state = windows.take(`plugin ${plugin} ${key}`, quota, windowSeconds * 1000, nowMs)
      return toDecision(state, { nowMs, unixMs: host.nowMs() })
    },
    cacheGet: (key) => cache.get(`${plugin} ${key}`),
    cacheSet: (key, json, ttlSeconds) => cache.set(`${plugin} ${key}`, json, ttlSeconds),
    count: (name, labels, by) => metrics.count(plugin, name, labels, by),
    observe: (name, labels, value) => metrics.observe(plugin, name, labels, value),
  }
}

function toDecision(
  { allowed, limit, remaining, resetMs }: WindowState,
  { nowMs, unixMs }: { readonly nowMs: number; readonly unixMs: number },
): RateDecision {
  const waitMs = Math.max(resetMs - nowMs, 0)
  const decision = { allowed, limit, remaining, reset: Math.ceil((unixMs + waitMs) / 1000) }
  return allowed ? decision : { ...decision, retry_after: Math.max(Math.ceil(waitMs / 1000), 1) }
}
