import type { UpstreamCall } from '../../http/index.ts'
import type { DeliveryMetrics, Logger } from '../../telemetry/index.ts'
import type { Upstream } from '../upstreams.ts'

/** A request that was answered and is still to be forwarded. */
export interface Delivery {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly lines: string
  readonly body: Buffer
  readonly requestId: string
}

export interface QueueRules {
  readonly upstream: Upstream
  readonly maxAttempts: number
  /** Before the second attempt; it doubles. */
  readonly backoffMs: number
  readonly timeoutMs: number
  readonly maxQueue: number
  readonly maxQueueBytes: number
  readonly maxConcurrent: number
}

interface QueueContext {
  readonly log: Logger
  readonly metrics: DeliveryMetrics
}

/** Answers that another attempt may change (RFC 9110 §15.5.9, §15.6; RFC 6585 §4). */
function isPassing(status: number): boolean {
  return status >= 500 || status === 408 || status === 429
}

/** Sends requests in the order in which they came, a few at a time, and keeps no more of them than it may. */
export class DeliveryQueue {
  readonly #rules: QueueRules
  readonly #context: QueueContext
  readonly #waiting: Delivery[] = []
  /** Of those that are being sent, too: all that is in memory. */
  #bytes = 0
  #sending = 0
  readonly #timers = new Map<NodeJS.Timeout, Delivery>()
  readonly #calls = new Set<UpstreamCall>()
  #onIdle: (() => void) | undefined
  #isClosed = false

  constructor(rules: QueueRules, context: QueueContext) {
    this.#rules = rules
    this.#context = context
  }

  /** How many were taken and have not been delivered. */
  get size(): number {
    return this.#waiting.length + this.#sending
  }

  /** Takes a request; false where there is no room for it. */
  offer(delivery: Delivery): boolean {
    const { maxQueue, maxQueueBytes } = this.#rules
    const sizeBytes = delivery.body.byteLength
    if (this.#isClosed || this.#waiting.length >= maxQueue || this.#bytes + sizeBytes > maxQueueBytes) {
      this.#context.metrics.dropped('full')
      return false
    }
    this.#bytes += sizeBytes
    // The bytes of an engine may be of its buffer.
    this.#waiting.push({ ...delivery, body: Buffer.from(delivery.body) })
    this.#pump()
    return true
  }

  /** Resolves when everything has been sent or given up; to false where the time for that was too short. */
  async drain(graceMs: number): Promise<boolean> {
    if (this.size === 0) return true
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const timer = Number.isFinite(graceMs) ? setTimeout(() => resolve(false), graceMs) : undefined
    this.#onIdle = () => resolve(true)
    const isWhole = await promise
    clearTimeout(timer)
    if (!isWhole) this.#giveUp()
    return isWhole
  }

  #pump(): void {
    while (this.#sending < this.#rules.maxConcurrent) {
      const delivery = this.#waiting.shift()
      if (delivery === undefined) return
      this.#sending += 1
      this.#send(delivery, 1)
    }
  }

  #send(delivery: Delivery, attempt: number): void {
    const { upstream, timeoutMs } = this.#rules
    const { method, target, lines, body } = delivery
    let status = 0
    const over = (reason: string | undefined) => {
      this.#calls.delete(call)
      if (reason === undefined) return this.#done(delivery)
      this.#failed(delivery, { attempt, isFinal: status !== 0 && !isPassing(status), reason })
    }
    const call = upstream.client.send(
      { method, target, lines, body: body.byteLength === 0 ? null : body, timeoutMs },
      {
        onStart: (given) => (status = given),
        onData: () => true,
        onEnd: () => over(status < 400 ? undefined : `the answer is ${status}`),
        onFault: (fault, cause) => {
          upstream.metrics.failed(fault)
          over(cause.message)
        },
      },
    )
    this.#calls.add(call)
  }

  #failed(
    delivery: Delivery,
    {
      attempt,
      isFinal,
      reason,
    }: { readonly attempt: number; readonly isFinal: boolean; readonly reason: string },
  ): void {
    const { maxAttempts, backoffMs, upstream } = this.#rules
    if (!isFinal && attempt < maxAttempts && !this.#isClosed) {
      const timer = setTimeout(
        () => {
          this.#timers.delete(timer)
          this.#send(delivery, attempt + 1)
        },
        backoffMs * 2 ** (attempt - 1),
      )
      this.#timers.set(timer, delivery)
      return
    }
    this.#context.metrics.dropped('failed')
    this.#context.log.log('warn', 'a request that was answered could not be forwarded', {
      upstream: upstream.origin,
      reason,
      attempts: attempt,
      request_id: delivery.requestId,
    })
    this.#done(delivery)
  }

  #done(delivery: Delivery): void {
    this.#bytes -= delivery.body.byteLength
    this.#sending -= 1
    this.#pump()
    if (this.size === 0) this.#onIdle?.()
  }

  /** The time to drain is over. */
  #giveUp(): void {
    this.#isClosed = true
    const lost = this.size
    for (const timer of this.#timers.keys()) clearTimeout(timer)
    for (const call of this.#calls) call.abort()
    for (let count = 0; count < lost; count += 1) this.#context.metrics.dropped('shutdown')
    this.#context.log.log('error', 'requests that were answered are not forwarded', {
      upstream: this.#rules.upstream.origin,
      count: lost,
    })
  }
}
