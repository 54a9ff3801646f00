import type { JsonObject } from '../../domain/index.ts'
import type { Handler, Middleware } from '../pipeline/handler.ts'
import type { RuntimeHost } from '../runtime-host.ts'
import type { GatewayMetrics, Logger } from '../telemetry/index.ts'
import type { ResponseStore } from './cache/response-store.ts'
import type { MiddlewareState } from './middleware-state.ts'
import type { Outbound } from './outbound.ts'

/** What a middleware gets when the artifact is loaded. */
export interface MiddlewareContext {
  /** The parameters of the route's template, in the order of the captures. */
  readonly captureNames: readonly string[]
  readonly host: RuntimeHost
  readonly log: Logger
  readonly metrics: GatewayMetrics
  readonly outbound: Outbound
  /** What outlives the artifact. */
  readonly state: MiddlewareState
  /** The largest body that the gateway reads. */
  readonly maxBodyBytes: number
}

/** What a native middleware gets beside that. */
export interface FactoryContext extends MiddlewareContext {
  /** The answers that are kept, of this artifact only. */
  readonly responses: ResponseStore
}

/** A middleware made from its configuration. */
export interface BuiltMiddleware {
  readonly handle: Middleware
  /** Answers preflight requests of CORS for the operation. */
  readonly preflight?: Handler
  /** Where it sends requests of its own, so that those without TLS can be refused. */
  readonly origins?: readonly string[]
  /** Gets what its first request would have to wait for, as far as it can be had. */
  readonly warm?: () => Promise<void>
  /** Ends what it does in the background. */
  readonly close?: () => void
}

/**
 * Makes a middleware from a configuration that fits its schema and has its secrets resolved.
 *
 * @throws {RangeError} for what the schema cannot say.
 */
export type MiddlewareFactory = (config: JsonObject, context: FactoryContext) => BuiltMiddleware
