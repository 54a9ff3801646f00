import type { JsonObject } from '../../domain/index.ts'
import {
  Fields,
  fixedHead,
  forwardedHead,
  plainProblem,
  problemResponse,
  PROBLEM_HEADERS,
  type BodySink,
  type ErrorKindName,
  type GatewayRequest,
  type RawHeaders,
  type Reply,
  type ResponseHead,
} from '../http/index.ts'
import type { ResponseInspector } from './response-inspector.ts'
import type { RequestTrace, Stage } from '../telemetry/index.ts'
import type { ProtocolChange } from './protocol-change.ts'
import { STANDARD_LINES } from './standard-headers.ts'
import { ResponsePhase, type GatewayResponse, type ResponseHook } from './response-phase.ts'

const EMPTY = Buffer.alloc(0)
const NO_HEADERS: RawHeaders = []

/** What the exchanges of one configuration have in common. */
export interface ExchangeScope {
  readonly maxBodyBytes: number
  /** Takes what went wrong while an exchange was handled. */
  readonly fail: (exchange: Exchange, error: Error) => void
}

/** One request on its way through the pipeline, and the one way to answer it. */
export class Exchange {
  readonly request: GatewayRequest
  readonly requestId: string
  readonly scope: ExchangeScope
  /** The address of the client: that of the peer, until something that may be trusted says another. */
  clientAddress: string
  /** True where the peer is a proxy that is believed about who asked it. */
  isFromProxy = false
  /** The largest body that is taken of this request; a middleware may lower it. */
  maxBodyBytes: number
  /** The path that goes upstream, percent-encoded: the request's, until a middleware changes it. */
  path: string
  /** The query that goes upstream, without the question mark. */
  query: string
  /** What the template's parameters took, still percent-encoded. */
  captures: readonly string[] = []
  /**
   * The whole request body, once somebody has read it by {@link readBody} or has put another in its place. Null until
   * then: a body that nobody reads is streamed upstream.
   */
  body: Buffer | null = null
  /** The status of the answer; 0 until there is one. */
  status = 0
  /** The template of the route; empty where there is none. */
  template = ''
  /** The claims of the token that the request came with, once it was verified. */
  claims: JsonObject | undefined
  /** What follows the request where there is a collector of traces. */
  trace: RequestTrace | undefined
  /** Header lines that the route adds to every answer. */
  routeLines = ''
  readonly #reply: Reply
  #context: Map<string, string> | undefined
  #phase: ResponsePhase | undefined
  #stage: Stage | null = null
  #stageStartedMs = 0
  #inspector: ResponseInspector | undefined

  constructor(request: GatewayRequest, reply: Reply, requestId: string, scope: ExchangeScope) {
    this.request = request
    this.requestId = requestId
    this.scope = scope
    this.path = request.path
    this.maxBodyBytes = scope.maxBodyBytes
    this.query = request.query
    this.clientAddress = request.remoteAddress
    this.#reply = reply
  }

  /** The bytes of the answer's body that were written. */
  get responseBytes(): number {
    return this.#reply.bodyBytes ?? 0
  }

  /** The status of an answer that the engine gives in its place; 0 where it does not. */
  get refusedStatus(): number {
    return this.#reply.refusedStatus ?? 0
  }

  /** Ends the stage that the request is in, and begins the next. */
  enter(stage: Stage): void {
    this.enterAt(stage, stage.nowMs())
  }

  /** As {@link enter}, where the time is known already. */
  enterAt(stage: Stage, nowMs: number): void {
    if (this.#stage !== null) this.#measure(this.#stage, nowMs)
    this.#stage = stage
    this.#stageStartedMs = nowMs
  }

  /** Goes on with the stage and the trace of another exchange, of which this one is a part. */
  takeStage(outer: Exchange): void {
    this.trace = outer.trace
    this.#stage = outer.#stage
    this.#stageStartedMs = outer.#stageStartedMs
    outer.#stage = null
  }

  /** What the stages of this request leave for each other, by name. */
  get context(): Map<string, string> {
    return (this.#context ??= new Map())
  }

  /**
   * Reads the whole body and goes on with it; at once where it is there already. Where it is larger than
   * {@link maxBodyBytes} it answers 413 and does not go on; neither does it when the client has gone.
   */
  readBody(next: (body: Buffer) => void): void {
    if (this.body !== null) return next(this.body)
    if (!this.request.hasBody) return next((this.body = EMPTY))
    this.request.readBody(this.maxBodyBytes, (outcome) => {
      if (outcome === 'aborted') return
      if (outcome === 'too-large') return this.refuseBody()
      this.body = outcome
      this.attempt(() => next(outcome))
    })
  }

  /** Answers 413. */
  refuseBody(): void {
    this.problem('payload-too-large', { detail: `The limit is ${this.maxBodyBytes} bytes.` })
  }

  /**
   * Lets a middleware see and change the answer before it leaves, whoever gives it. Hooks run in the reverse order of
   * their registration. With a limit the hook gets the whole body, which is held back until it is there; where it is
   * larger, the client gets 502.
   */
  onResponse(hook: ResponseHook, bodyLimitBytes?: number): void {
    this.#phase ??= new ResponsePhase()
    this.#phase.add(hook, bodyLimitBytes, this.#stage)
  }

  /** Has the answer of the service looked at as it leaves, once the hooks have run. */
  inspect(inspector: ResponseInspector): void {
    this.#phase ??= new ResponsePhase()
    this.#inspector = inspector
  }

  /** Sends a whole answer. @throws {TypeError} for headers that HTTP does not allow. */
  send(status: number, headers: RawHeaders | Fields, body: Buffer | null): void {
    if (this.#stage !== null) this.#answered(this.#stage)
    const phase = this.#phase
    if (phase === undefined) {
      const head = this.#head(status, headers)
      this.status = status
      return this.#reply.send(head, body)
    }
    const response = { status, headers: headers instanceof Fields ? headers : Fields.of(headers), body }
    this.attempt(() => phase.run(response, () => this.#sendResponse(response)))
  }

  /** Begins an answer whose body follows; a Content-Length among the headers says how long it will be. */
  stream(status: number, headers: RawHeaders | Fields): BodySink {
    if (this.#stage !== null) this.#answered(this.#stage)
    const phase = this.#phase
    if (phase === undefined) {
      const head = this.#head(status, headers)
      this.status = status
      return this.#reply.stream(head)
    }
    const response = { status, headers: headers instanceof Fields ? headers : Fields.of(headers), body: null }
    return phase.sink(response, {
      send: () => this.#sendResponse(response),
      stream: () => this.#streamResponse(response),
      refuse: () => this.#refuseResponse(),
      attempt: (step) => this.attempt(step),
    })
  }

  /** True where the client wants to go on with this protocol, and can be given the connection for it. */
  offers(protocol: string): boolean {
    const { upgrade, hasBody, method } = this.request
    if (this.#reply.upgrade === undefined || hasBody || method !== 'GET') return false
    return upgrade?.toLowerCase() === protocol
  }

  /**
   * Answers 101 to a request that {@link offers} this protocol, once the hooks have run, and gives the connection away.
   * Not before the handler has returned.
   */
  upgrade(headers: Fields, { protocol, onShutdown, onOpen }: ProtocolChange): void {
    if (this.#stage !== null) this.#answered(this.#stage)
    const response = { status: 101, headers, body: null }
    const open = () => {
      const head = this.#head(101, response.headers)
      this.status = 101
      const connection = this.#reply.upgrade?.(head, protocol, onShutdown)
      if (connection !== undefined) onOpen(connection)
    }
    const phase = this.#phase
    if (phase === undefined) open()
    else this.attempt(() => phase.run(response, open))
  }

  /** Answers with a problem document (RFC 9457). */
  problem(kind: ErrorKindName, members?: JsonObject, headers: RawHeaders = NO_HEADERS): void {
    this.#stage?.failed?.(kind)
    // It is not the service's.
    this.#inspector = undefined
    const { status, body } = members === undefined ? plainProblem(kind) : problemResponse(kind, members)
    this.send(status, [...PROBLEM_HEADERS, ...headers], body)
  }

  /**
   * Takes an error of a handler or a hook: logs it, and answers 500 where there is no answer yet. Hooks do not see that
   * answer, since one of them may be what failed.
   */
  fail(error: Error): void {
    this.#phase = undefined
    this.scope.fail(this, error)
  }

  /** Runs a step of a handler that had to wait; what it throws goes to {@link fail}. */
  attempt(step: () => void): void {
    try {
      step()
    } catch (error) {
      this.fail(error as Error)
    }
  }

  /** Called once, when the answer has left or the client has gone. */
  onClose(listener: (complete: boolean) => void): void {
    this.#reply.onClose(listener)
  }

  #measure(stage: Stage, nowMs: number): void {
    stage.duration.observe((nowMs - this.#stageStartedMs) / 1000)
    this.trace?.stage(stage.name, this.#stageStartedMs, nowMs)
  }

  /** The stage ends with an answer; for a middleware that is to say that nothing behind it was asked. */
  #answered(stage: Stage): void {
    this.#stage = null
    this.#measure(stage, stage.nowMs())
    stage.shortCircuits?.increment()
  }

  #sendResponse(response: GatewayResponse): void {
    const refusal = this.#inspector?.judge(response)
    if (refusal !== undefined) return this.#replaceResponse(response, refusal)
    const head = this.#head(response.status, response.headers)
    this.status = response.status
    this.#reply.send(head, response.body)
  }

  #streamResponse(response: GatewayResponse): BodySink {
    if (this.#inspector === undefined) return this.#openResponse(response)
    return this.#inspector.follow(response, {
      open: () => this.#openResponse(response),
      refuse: (refusal) => this.#replaceResponse(response, refusal),
      attempt: (step) => this.attempt(step),
    })
  }

  #openResponse(response: GatewayResponse): BodySink {
    const head = this.#head(response.status, response.headers)
    this.status = response.status
    return this.#reply.stream(head)
  }

  /** The hooks have not run: what they would have done to this answer is not known, so it says nothing but that. */
  #refuseResponse(): void {
    const { status, body } = plainProblem('upstream-response-too-large')
    this.status = status
    this.#reply.send(this.#head(status, PROBLEM_HEADERS), body)
  }

  /** Nothing of the answer goes out, for whoever has seen its fields either: a cache would keep what they say. */
  #replaceResponse({ headers }: GatewayResponse, members: JsonObject): void {
    const { status, body } = problemResponse('upstream-response-invalid', members)
    headers.removePrefixed('')
    headers.set('content-type', 'application/problem+json')
    this.status = status
    this.#reply.send(this.#head(status, headers), body)
  }

  #head(status: number, headers: RawHeaders | Fields): ResponseHead {
    const ownLines = `x-request-id: ${this.requestId}\r\n${STANDARD_LINES}${this.routeLines}`
    if (headers instanceof Fields) return forwardedHead(status, headers, ownLines)
    const head = fixedHead(status, headers)
    return { ...head, lines: head.lines + ownLines }
  }
}
