import { UpstreamPool, Watch, type UpstreamClient, type UpstreamTls } from '../http/index.ts'
import type { UpstreamMetrics } from '../telemetry/index.ts'

export interface Upstream {
  readonly origin: string
  readonly client: UpstreamClient
  readonly metrics: UpstreamMetrics
}

/** The services that one configuration forwards to: one client for each origin, and each identity shown to it. */
export interface Upstreams {
  readonly of: (origin: string, tls?: UpstreamTls) => Upstream
  readonly origins: () => readonly string[]
  readonly close: () => void
}

export interface UpstreamsOptions {
  readonly metricsOf: (origin: string) => UpstreamMetrics
  readonly monotonicMs: () => number
  /** Names may stand for private addresses. */
  readonly allowsPrivate: boolean
}

/** The times of upstreams are kept to within this. */
const CHECK_INTERVAL_MS = 100

export function createUpstreams({ metricsOf, monotonicMs, allowsPrivate }: UpstreamsOptions): Upstreams {
  const known = new Map<string, Upstream>()
  const watch = new Watch(monotonicMs, CHECK_INTERVAL_MS)
  return {
    of: (origin, tls) => {
      const key = tls === undefined ? origin : `${origin} ${JSON.stringify(tls)}`
      const upstream = known.get(key) ?? {
        origin,
        client: new UpstreamPool({ origin, watch, allowsPrivate, ...(tls && { tls }) }),
        metrics: metricsOf(origin),
      }
      known.set(key, upstream)
      return upstream
    },
    origins: () => [...new Set([...known.values()].map(({ origin }) => origin))],
    close: () => {
      for (const { client } of known.values()) client.close()
    },
  }
}
