import type { Duplex } from 'node:stream'

import type { BodySink, Fields, Watch } from '../http/index.ts'

/** Passes a response on to the client while it arrives. */
export type Relay = (status: number, headers: Fields) => BodySink

/** What the gateway does for plugins; each is handed in, so that a plugin can be tried without a gateway. */
export interface PluginServices {
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: () => number
  /** Milliseconds since the process began, of a clock that never goes back. */
  readonly uptimeMs: () => number
  /** A UUID of version 7 (RFC 9562 §5.7). */
  readonly uuid: () => string
  readonly fillRandom: (bytes: Uint8Array) => void
  readonly log: (level: PluginLogLevel, text: string) => void
  /** Sends a request; with a relay its answer goes to the client, too, as it arrives. */
  readonly http: (request: PluginHttpRequest, relay?: Relay) => Promise<PluginHttpResponse>
  /** Connects a client that wants a WebSocket to a service; a text says why it could not. */
  readonly upgrade: (
    request: PluginUpgradeRequest,
    handshake: ClientHandshake,
  ) => Promise<OpenedService | string>
  readonly rateLimit: (key: string, quota: number, windowSeconds: number) => RateDecision
  readonly cacheGet: (key: string) => string | undefined
  /** False where the entry is too large to be kept. */
  readonly cacheSet: (key: string, entryJson: string, ttlSeconds: number) => boolean
  readonly count: (name: string, labels: Readonly<Record<string, string>>, by: number) => void
  readonly observe: (name: string, labels: Readonly<Record<string, string>>, value: number) => void
}

export type PluginLogLevel = 'error' | 'warn' | 'info' | 'debug'

export interface PluginHttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly body: Buffer | null
}

export interface PluginHttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface PluginUpgradeRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Until the service has accepted. */
  readonly connectTimeoutMs: number
}

/** How a client asks for a WebSocket (RFC 6455 §4.1). */
export interface ClientHandshake {
  readonly key: string
  /** The header lines of the handshake. */
  readonly lines: string
}

/** A service that has accepted a WebSocket. */
export interface OpenedService {
  /** Of its answer. */
  readonly headers: Fields
  /** Paused. */
  readonly service: Duplex
  /** What looks at the connection. */
  readonly watch: Watch
}

/** The state of a window after a request was counted, or refused. */
export interface RateDecision {
  readonly allowed: boolean
  readonly limit: number
  readonly remaining: number
  /** Seconds since the Unix epoch. */
  readonly reset: number
  /** Seconds, where the request is refused. */
  readonly retry_after?: number
}
