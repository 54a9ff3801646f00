import type { ClientHandshake, OpenedService, Relay } from './plugin-services.ts'

/** The results that a plugin asks for in two steps: a call tells the length, a second one reads and takes them. */
export type ResultKind =
  | 'http'
  | 'http-body'
  | 'context'
  | 'uuid'
  | 'secret'
  | 'rate-limit'
  | 'cache'
  | 'broker'

/** What one call of a plugin has given and got so far; replaced before every call. */
export class CallState {
  /** Strings that the plugins of one request leave for each other. */
  readonly context: Map<string, string>
  /** Null where there is none, or where the plugin has taken it. */
  body: Buffer | null
  /** What the plugin set: a body, null for none, undefined where it set nothing. */
  outputBody: Buffer | null | undefined = undefined
  output: Buffer | undefined = undefined
  /** Of the next `host_http_call`. */
  httpBody: Buffer | null = null
  /** False where nothing waits for the plugin, so that it cannot wait for others. */
  mayWait = true
  /** Passes an answer on to the client while it arrives; only dispatchers may. */
  relay: Relay | undefined = undefined
  /** How the client asks for a WebSocket; only dispatchers may open one for it. */
  handshake: ClientHandshake | undefined = undefined
  /** The service that a plugin has opened it to. */
  opened: OpenedService | undefined = undefined
  /** The client has gone: what is opened for it now has nobody to end it. */
  isAbandoned = false
  /** Log lines so far. */
  logged = 0
  readonly #results = new Map<ResultKind, Buffer>()

  constructor(context: Map<string, string>, body: Buffer | null) {
    this.context = context
    this.body = body
  }

  /** Keeps a result until it is read, and returns its length. */
  keep(kind: ResultKind, bytes: Buffer | string): number {
    const result = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
    this.#results.set(kind, result)
    return result.byteLength
  }

  take(kind: ResultKind): Buffer | undefined {
    const result = this.#results.get(kind)
    this.#results.delete(kind)
    return result
  }

  lengthOf(kind: ResultKind): number | undefined {
    return this.#results.get(kind)?.byteLength
  }
}
