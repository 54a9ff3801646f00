import type { JsonObject } from '../../domain/index.ts'
import type { BodySink, GatewayRequest, RawHeaders, Reply } from '../http/port.ts'
import {
  plainProblem,
  problemResponse,
  PROBLEM_HEADERS,
  type ErrorKindName,
} from '../http/problem-response.ts'

/** Sent with every answer, beside `x-request-id`. */
export const STANDARD_HEADERS: RawHeaders = ['x-content-type-options', 'nosniff', 'server', 'barbacane']

/** One request on its way through the pipeline, and the one way to answer it. */
export class Exchange {
  readonly request: GatewayRequest
  readonly requestId: string
  /** What the template's parameters took, still percent-encoded. */
  captures: readonly string[] = []
  /** The whole request body; empty where there is none. */
  body: Buffer = EMPTY
  /** The status of the answer; 0 until there is one. */
  status = 0
  /** Headers that the route adds to every answer. */
  routeHeaders: RawHeaders = NO_HEADERS
  readonly #reply: Reply

  constructor(request: GatewayRequest, reply: Reply, requestId: string) {
    this.request = request
    this.requestId = requestId
    this.#reply = reply
  }

  send(status: number, headers: RawHeaders, body: Buffer | null): void {
    this.status = status
    this.#reply.send(status, this.#complete(headers), body)
  }

  stream(status: number, headers: RawHeaders): BodySink {
    this.status = status
    return this.#reply.stream(status, this.#complete(headers))
  }

  /** Answers with a problem document (RFC 9457). */
  problem(kind: ErrorKindName, members?: JsonObject, headers: RawHeaders = NO_HEADERS): void {
    const { status, body } = members === undefined ? plainProblem(kind) : problemResponse(kind, members)
    this.send(status, [...PROBLEM_HEADERS, ...headers], body)
  }

  /** Called once, when the answer has left or the client has gone. */
  onClose(listener: (complete: boolean) => void): void {
    this.#reply.onClose(listener)
  }

  #complete(headers: RawHeaders): RawHeaders {
    return [...headers, 'x-request-id', this.requestId, ...STANDARD_HEADERS, ...this.routeHeaders]
  }
}

const EMPTY = Buffer.alloc(0)
const NO_HEADERS: RawHeaders = []
