import type { Duplex } from 'node:stream'

import type { Fields } from './fields.ts'

/** Why a request body could not be read. */
export type BodyFault = 'too-large' | 'aborted'

/** Takes a request body as it arrives; exactly one of `onEnd` and `onFault` is the last call. */
export interface BodyReader {
  /** False to wait until {@link BodyFlow.resume}. The bytes are the reader's own. */
  readonly onData: (chunk: Buffer) => boolean
  /** @param trailers the fields behind it that may go on, as lines */
  readonly onEnd: (trailers: string) => void
  readonly onFault: (fault: BodyFault) => void
}

/** A body that is being streamed. */
export interface BodyFlow {
  readonly resume: () => void
}

/**
 * One request, as an HTTP engine hands it to the pipeline. Engines differ in how they read; nothing of sockets or
 * parsers shows here.
 */
export interface GatewayRequest {
  readonly method: string
  /** The path of the request target, still percent-encoded, beginning with a slash; `*` for `OPTIONS *`. */
  readonly path: string
  /** What follows `?`, still encoded; empty where there is none. */
  readonly query: string
  /** What a middleware changes here is what later stages see and what goes upstream. */
  readonly headers: Fields
  /** True where the message announces a body by Content-Length above 0 or Transfer-Encoding. */
  readonly hasBody: boolean
  /** The announced length of the body in bytes; -1 where it is not announced. */
  readonly contentLength: number
  /** The address of the peer. */
  readonly remoteAddress: string
  /** Bytes of the body that have been handed on, where the engine counts them. */
  readonly receivedBytes?: number
  /** How the peer has sent the request. */
  readonly scheme: 'http' | 'https'
  /** The peer has shown a certificate that an authority of the listener has issued; false where it asks for none. */
  readonly isPeerVerified?: boolean
  /** The version of HTTP that the peer speaks. */
  readonly version: '1.0' | '1.1' | '2.0'
  /** What the client wants to go on with on this connection (RFC 9110 §7.8), as it names it; undefined where nothing. */
  readonly upgrade?: string | undefined
  /** Reads the whole body, once. The callback may come at once. */
  readonly readBody: (limitBytes: number, done: (outcome: Buffer | BodyFault) => void) => void
  /** Reads the body piece by piece, no faster than the reader takes it; instead of `readBody`, once. */
  readonly streamBody: (limitBytes: number, reader: BodyReader) => BodyFlow
}

/** Where a streamed response body goes. */
export interface BodySink {
  /** False when the writer should wait for {@link BodySink.onDrain}. */
  readonly write: (chunk: Buffer) => boolean
  /** As {@link BodySink.write}, of bytes that are written over once it returns; absent where they have to be kept. */
  readonly writeLent?: (chunk: Buffer) => boolean
  readonly onDrain: (listener: () => void) => void
  /** @param trailers lines that go behind the body, where its framing has room for them and the client reads them */
  readonly end: (trailers?: string) => void
  /** Ends the connection, so that the client sees that the body is not whole. */
  readonly destroy: () => void
}

/** What stands before the body of a response, ready to be written. */
export interface ResponseHead {
  readonly status: number
  /**
   * Header lines, each ended by CRLF, made by `fieldLines` or `Fields.lines`, which check them. Without the fields of
   * the connection and of the framing (Connection, Content-Length, Transfer-Encoding …), which are the engine's.
   */
  readonly lines: string
  /** True where a Date is among the lines; the engine adds one otherwise. */
  readonly hasDate: boolean
  /** The Content-Length of a streamed body, -1 where it is not known. */
  readonly lengthBytes: number
}

/**
 * The answer to one request; exactly one of `send` and `stream` is called, once. The engine leaves the body out where
 * HTTP allows none (HEAD, 204, 304).
 */
export interface Reply {
  /** Sends a whole response; its Content-Length is that of the body. */
  readonly send: (head: ResponseHead, body: Buffer | null) => void
  readonly stream: (head: ResponseHead) => BodySink
  /** Bytes of the body that were written, where the engine counts them. */
  readonly bodyBytes?: number
  /** The status that the engine itself has answered with, because the rest of the request could not be read. */
  readonly refusedStatus?: number
  /**
   * Instead of `send` and `stream`, where the request asks for it: answers 101 with `Upgrade` and these lines, and gives away
   * the connection, paused. Absent where the engine cannot.
   *
   * @param onShutdown called where the listener wants the connection to end
   */
  readonly upgrade?: (head: ResponseHead, protocol: string, onShutdown: () => void) => Duplex
  /**
   * Gives the request up, wherever it is: answers 503 where there is no answer yet, and else ends it so that the client
   * sees that it is not whole; a connection that was given away is told to end. Absent where the engine cannot.
   */
  readonly cutOff?: () => void
  /** Called once, when the response has left or the client has gone. */
  readonly onClose: (listener: (complete: boolean) => void) => void
}

export type RequestHandler = (request: GatewayRequest, reply: Reply) => void

/** What an engine refuses by itself, before there is a request to hand on. */
export type ProtocolFault =
  | 'bad-request'
  | 'expectation-failed'
  | 'headers-too-large'
  | 'uri-too-long'
  | 'request-timeout'

/** Why an engine answers in place of whoever should have. */
export type EngineFault = ProtocolFault | 'configuration-retired'

/** Learns what the engine has refused, with which status, and of whom. */
export type RefusalHandler = (fault: EngineFault, status: number, remoteAddress: string) => void

/** A server on one address. */
export interface HttpListener {
  readonly address: { readonly host: string; readonly port: number }
  readonly connections: () => number
  /** From now on every connection ends with the answer it is at, and says so; new ones are still accepted. */
  readonly endConnections: () => void
  /**
   * Stops accepting, lets requests in flight finish for at most this time, then ends what is left. Resolves to false
   * where something had to be cut off.
   */
  readonly close: (graceMs: number) => Promise<boolean>
}
