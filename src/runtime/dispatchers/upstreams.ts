import { createUpstreamClient, type UpstreamClient } from '../http/index.ts'
import type { UpstreamMetrics } from '../telemetry/index.ts'

export interface Upstream {
  readonly origin: string
  readonly client: UpstreamClient
  readonly metrics: UpstreamMetrics
}

/** The services that one configuration forwards to, one client for each origin. */
export interface Upstreams {
  readonly of: (origin: string) => Upstream
  readonly origins: () => readonly string[]
  readonly close: () => Promise<void>
}

export function createUpstreams(metricsOf: (origin: string) => UpstreamMetrics): Upstreams {
  const known = new Map<string, Upstream>()
  return {
    of: (origin) => {
      const upstream = known.get(origin) ?? {
        origin,
        client: createUpstreamClient(origin),
        metrics: metricsOf(origin),
      }
      known.set(origin, upstream)
      return upstream
    },
    origins: () => [...known.keys()],
    close: async () => {
      await Promise.all([...known.values()].map(({ client }) => client.close()))
    },
  }
}
