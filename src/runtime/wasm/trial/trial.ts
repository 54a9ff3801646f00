import type { JsonObject } from '../../../domain/index.ts'
import type { PluginServices } from '../plugin-services.ts'

/** A request that a plugin is tried with. */
export interface TrialRequest {
  readonly method: string
  /** Percent-encoded. */
  readonly path: string
  /** Without the question mark. */
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly clientAddress: string
  /** Decoded. */
  readonly pathParameters: Readonly<Record<string, string>>
  readonly body: Buffer | null
}

export interface TrialResponse {
  readonly status: number
  /** Names in lower case; fields of one name are one value. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | null
}

/** One request through one plugin, with all that it can ask for. */
export interface Trial {
  readonly module: Uint8Array
  /** The configuration, its secrets resolved. */
  readonly config: JsonObject
  readonly secrets: ReadonlyMap<string, string>
  readonly request: TrialRequest
  /** What the service behind a middleware answers. */
  readonly answer: TrialResponse
  /** What earlier plugins have left for this one. */
  readonly context: ReadonlyMap<string, string>
  readonly services: PluginServices
}

/** What went on to the service behind a middleware. */
export interface PassedRequest {
  readonly path: string
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  /** Null where the client sent none, and the middleware set none. */
  readonly body: Buffer | null
}

/**
 * What became of a trial: the plugin was not taken at all, it failed over the request, which a client sees as 500, it
 * answered by itself, or it let the request go on and has seen the answer.
 */
export type TrialOutcome =
  | { readonly action: 'refuse' | 'fail'; readonly reason: string }
  | {
      readonly action: 'respond'
      readonly response: TrialResponse
      readonly context: ReadonlyMap<string, string>
    }
  | {
      readonly action: 'continue'
      readonly request: PassedRequest
      readonly response: TrialResponse
      readonly context: ReadonlyMap<string, string>
    }
