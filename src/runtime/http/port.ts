/** Names and values by turns, as they stand on the wire: order, case and repetitions kept. */
export type RawHeaders = readonly string[]

/** Why a request body could not be read. */
export type BodyFault = 'too-large' | 'aborted'

/**
 * One request, as an HTTP engine hands it to the pipeline. Engines differ in how they read; nothing of `node:http`
 * shows here, so that another engine can stand in.
 */
export interface GatewayRequest {
  readonly method: string
  /** The path of the request target, still percent-encoded, beginning with a slash; `*` for `OPTIONS *`. */
  readonly path: string
  /** What follows `?`, still encoded; empty where there is none. */
  readonly query: string
  readonly headers: RawHeaders
  /** True where the message announces a body by Content-Length above 0 or Transfer-Encoding. */
  readonly hasBody: boolean
  readonly remoteAddress: string
  /** Reads the whole body, once. The callback may come at once. */
  readonly readBody: (limitBytes: number, done: (outcome: Buffer | BodyFault) => void) => void
}

/** Where a streamed response body goes. */
export interface BodySink {
  /** False when the writer should wait for {@link BodySink.onDrain}. */
  readonly write: (chunk: Buffer) => boolean
  readonly onDrain: (listener: () => void) => void
  readonly end: () => void
  /** Ends the connection, so that the client sees that the body is not whole. */
  readonly destroy: () => void
}

/**
 * The answer to one request; exactly one of `send` and `stream` is called. The engine adds Date, Connection and the
 * framing (Content-Length of a sent body), and leaves the body out where HTTP allows none (HEAD, 204, 304).
 */
export interface Reply {
  readonly send: (status: number, headers: RawHeaders, body: Buffer | null) => void
  readonly stream: (status: number, headers: RawHeaders) => BodySink
  /** Called once, when the response has left or the client has gone. */
  readonly onClose: (listener: (complete: boolean) => void) => void
}

export type RequestHandler = (request: GatewayRequest, reply: Reply) => void

/** What an engine refuses by itself, before there is a request to hand on. */
export type ProtocolFault = 'bad-request' | 'headers-too-large' | 'uri-too-long' | 'request-timeout'

/** A server on one address. */
export interface HttpListener {
  readonly address: { readonly host: string; readonly port: number }
  readonly connections: () => number
  /**
   * Stops accepting, lets requests in flight finish for at most this time, then ends what is left. Resolves to false
   * where something had to be cut off.
   */
  readonly close: (graceMs: number) => Promise<boolean>
}
