import { UpgradeClient, UpstreamPool, Watch, type UpstreamClient, type UpstreamTls } from '../http/index.ts'
import { SessionPool } from '../http2/index.ts'
import type { UpstreamMetrics } from '../telemetry/index.ts'

export interface Upstream {
  readonly origin: string
  readonly client: UpstreamClient
  readonly metrics: UpstreamMetrics
}

/** A service that connections are kept open to. */
export interface UpgradingUpstream {
  readonly origin: string
  readonly client: UpgradeClient
  readonly metrics: UpstreamMetrics
  /** What looks at the connections. */
  readonly watch: Watch
}

/** A version of HTTP that a service is asked by. */
export type UpstreamProtocol = 'http/1.1' | 'h2'

/** What clients of one origin differ by. */
export interface UpstreamChoice {
  readonly protocol?: UpstreamProtocol
  readonly tls?: UpstreamTls | undefined
  readonly connectTimeoutMs?: number
}

/** The services that one configuration forwards to: one client for each origin, and each identity shown to it. */
export interface Upstreams {
  readonly of: (origin: string, options?: UpstreamChoice) => Upstream
  /** For changes of protocols, each on a connection of its own. */
  readonly upgrading: (origin: string, options?: UpstreamChoice) => UpgradingUpstream
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
const CONNECT_TIMEOUT_MS = 10_000

export function createUpstreams({ metricsOf, monotonicMs, allowsPrivate }: UpstreamsOptions): Upstreams {
  const known = new Map<string, Upstream>()
  const watch = new Watch(monotonicMs, CHECK_INTERVAL_MS)
  const upgraded = new Set<string>()
  let isClosed = false
  return {
    of: (origin, { tls, connectTimeoutMs = CONNECT_TIMEOUT_MS, protocol = 'http/1.1' } = {}) => {
      const key = `${origin} ${protocol} ${connectTimeoutMs} ${JSON.stringify(tls)}`
      const Client = protocol === 'h2' ? SessionPool : UpstreamPool
      const upstream = known.get(key) ?? {
        origin,
        client: new Client({ origin, watch, allowsPrivate, times: { connectTimeoutMs }, tls }),
        metrics: metricsOf(origin),
      }
      known.set(key, upstream)
      // What a plugin still asks for is not to be kept.
      if (isClosed) upstream.client.close()
      return upstream
    },
    upgrading: (origin, { tls, connectTimeoutMs = CONNECT_TIMEOUT_MS } = {}) => {
      upgraded.add(origin)
      const client = new UpgradeClient({ origin, watch, allowsPrivate, connectTimeoutMs, tls })
      return { origin, client, metrics: metricsOf(origin), watch }
    },
    origins: () => [...new Set([...[...known.values()].map(({ origin }) => origin), ...upgraded])],
    close: () => {
      isClosed = true
      for (const { client } of known.values()) client.close()
    },
  }
}
