import {
  acceptsTrailers,
  type BodySink,
  type BodySource,
  type Fields,
  type UpstreamCall,
  type UpstreamFault,
  type UpstreamHandler,
} from '../../http/index.ts'
import type { Exchange } from '../../pipeline/exchange.ts'
import type { Logger, UpstreamTrace } from '../../telemetry/index.ts'
import { requestLines } from '../forwarded-headers.ts'
import { PROBLEM_OF } from '../problem-of-fault.ts'
import type { Target, TargetGroup } from '../targets/index.ts'
import type { AttemptOutcome, RetryPolicy } from './retry-policy.ts'
import type { PathOf } from './target-path.ts'

/** What the requests of an operation have in common. */
export interface ForwardingPlan {
  readonly group: TargetGroup
  readonly pathOf: PathOf
  readonly timeoutMs: number
  readonly retries: RetryPolicy | undefined
  /** Fields behind a body go on, both ways. */
  readonly forwardsTrailers: boolean
  readonly monotonicMs: () => number
  readonly log: Logger
  /** Internal details may be shown to clients. */
  readonly dev: boolean
}

/** What says that the answer may have fields behind its body (RFC 9110 §10.1.4). */
const ACCEPTS_TRAILERS = 'te: trailers\r\nconnection: TE\r\n'

/** One request on its way to a target, or to one after the other, and its answer on the way back. */
export class Forwarding implements UpstreamHandler {
  readonly #exchange: Exchange
  readonly #plan: ForwardingPlan
  #target: Target | undefined
  #call: UpstreamCall | undefined
  #sink: BodySink | undefined
  #trace: UpstreamTrace | undefined
  #lines = ''
  #path = ''
  #startedMs = 0
  #attempts = 0
  #tried = 0
  #hasStreamed = false
  /** The client reads fields behind a body. */
  #returnsTrailers = false

  constructor(exchange: Exchange, plan: ForwardingPlan) {
    this.#exchange = exchange
    this.#plan = plan
  }

  start(): void {
    const exchange = this.#exchange
    const { retries, monotonicMs } = this.#plan
    const path = this.#plan.pathOf(exchange)
    this.#path = exchange.query === '' ? path : `${path}?${exchange.query}`
    const { headers } = exchange.request
    this.#returnsTrailers =
      this.#plan.forwardsTrailers && headers.has('te') && acceptsTrailers(headers.values('te'))
    exchange.onClose((complete) => {
      if (!complete) this.#abandon()
      // The client has another answer than the service's, of which all but what has arrived by now would be for nobody.
      else if (this.#call?.isOver === false) setImmediate(() => this.#abandon())
    })
    retries?.count(monotonicMs())
    this.#attempt()
  }

  onStart(status: number, fields: Fields): void {
    const { group, monotonicMs } = this.#plan
    const target = this.#target as Target
    const nowMs = monotonicMs()
    target.upstream.metrics.duration.observe((nowMs - this.#startedMs) / 1000)
    this.#trace?.end(status, nowMs)
    this.#trace = undefined
    if (this.#mayRetry(status, nowMs)) {
      this.#call?.abort()
      this.#release(group.hasFailed(status))
      return this.#exchange.attempt(() => this.#attempt())
    }
    this.#judge(target, group.hasFailed(status), nowMs)
    const sink = this.#exchange.stream(status, fields)
    sink.onDrain(() => this.#call?.resume())
    this.#sink = sink
  }

  onData(chunk: Buffer): boolean {
    return this.#sink?.write(chunk) ?? true
  }

  onLent(chunk: Buffer): boolean {
    // Who sees the answer on its way may keep it.
    return this.#sink?.writeLent?.(chunk) ?? this.onData(Buffer.from(chunk))
  }

  onEnd(trailers: string): void {
    this.#release(undefined)
    this.#sink?.end(this.#returnsTrailers ? trailers : '')
  }

  onFault(fault: UpstreamFault, cause: Error): void {
    const exchange = this.#exchange
    const { upstream } = this.#target as Target
    upstream.metrics.failed(fault)
    this.#endTrace(fault)
    this.#plan.log.log('warn', 'upstream failed', {
      upstream: upstream.origin,
      fault,
      reason: cause.message,
      request_id: exchange.requestId,
    })
    this.#release(true)
    if (this.#sink !== undefined) return this.#sink.destroy()
    if (exchange.status !== 0) return
    if (this.#mayRetry(fault, this.#plan.monotonicMs())) {
      return exchange.attempt(() => this.#attempt())
    }
    exchange.problem(PROBLEM_OF[fault], this.#plan.dev ? { detail: cause.message } : undefined)
  }

  #attempt(): void {
    const { group, timeoutMs, monotonicMs } = this.#plan
    const nowMs = monotonicMs()
    const target = group.choose(this.#exchange, nowMs, this.#tried)
    if (target === undefined) return this.#refuse(group.waitMs(nowMs))
    this.#target = target
    this.#startedMs = nowMs
    this.#attempts += 1
    this.#tried |= 1 << target.index
    target.underWay += 1
    if (this.#attempts > 1) target.upstream.metrics.retried()
    this.#trace = this.#exchange.trace?.beginUpstream(target.upstream.origin, nowMs)
    // The service is to know the request as one of the trace, so its headers are written anew.
    if (this.#trace !== undefined || this.#attempts === 1) this.#writeLines()
    const body = this.#body()
    this.#call = target.upstream.client.send(
      {
        method: this.#exchange.request.method,
        target: target.basePath + this.#path,
        lines: this.#lines,
        body,
        timeoutMs,
      },
      this,
    )
  }

  /** The body that somebody has read, or the one that is still to come: it goes through piece by piece. */
  #body(): Buffer | BodySource | null {
    const exchange = this.#exchange
    const { body, request } = exchange
    if (body !== null) return body.byteLength === 0 ? null : body
    if (!request.hasBody) return null
    // What is streamed is gone after the first attempt.
    this.#hasStreamed = true
    return {
      lengthBytes: request.contentLength,
      start: (sink) =>
        request.streamBody(exchange.maxBodyBytes, {
          onData: sink.write,
          onEnd: (trailers) => sink.end(this.#plan.forwardsTrailers ? trailers : ''),
          onFault: (fault) => {
            if (fault === 'too-large' && exchange.status === 0) exchange.refuseBody()
            sink.abort()
          },
        }),
    }
  }

  #mayRetry(outcome: AttemptOutcome, nowMs: number): boolean {
    const { retries } = this.#plan
    if (retries === undefined || this.#hasStreamed) return false
    return retries.allows(this.#attempts, this.#exchange.request.method, outcome, nowMs)
  }

  /** The target is done with the request; what that says of it, where it says anything. */
  #release(hasFailed: boolean | undefined): void {
    const target = this.#target
    if (target === undefined) return
    target.underWay -= 1
    this.#target = undefined
    if (hasFailed !== undefined) this.#judge(target, hasFailed, this.#plan.monotonicMs())
  }

  #judge({ health, upstream }: Target, hasFailed: boolean, nowMs: number): void {
    if (!health.settled(hasFailed, nowMs)) return
    upstream.metrics.ejected()
    const seconds = Math.ceil((health.waitMs(nowMs) ?? 0) / 1000)
    this.#plan.log.log('warn', 'a target is ejected', { upstream: upstream.origin, seconds })
  }

  #refuse(waitMs: number): void {
    const seconds = String(Math.max(1, Math.ceil(waitMs / 1000)))
    this.#exchange.problem('upstream-down', undefined, ['retry-after', seconds])
  }

  #writeLines(): void {
    const lines = requestLines(this.#exchange)
    this.#lines = this.#returnsTrailers ? lines + ACCEPTS_TRAILERS : lines
  }

  #endTrace(outcome: string): void {
    this.#trace?.end(outcome, this.#plan.monotonicMs())
    this.#trace = undefined
  }

  /** The client has gone, or wants no more. */
  #abandon(): void {
    this.#endTrace('cancelled')
    this.#call?.abort()
    this.#release(undefined)
  }
}
