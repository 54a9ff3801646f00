import type { Duplex } from 'node:stream'

import type { BodySink, Fields, UpstreamCall, UpstreamFault, UpstreamHandler } from '../../http/index.ts'
import type { Exchange } from '../../pipeline/exchange.ts'
import type { RuntimeHost } from '../../runtime-host.ts'
import type { Logger } from '../../telemetry/index.ts'
import { isAccepted, Relay, type RelayLimits } from '../../websocket/index.ts'
import { requestLines } from '../forwarded-headers.ts'
import { PROBLEM_OF } from '../problem-of-fault.ts'
import type { UpgradingUpstream } from '../upstreams.ts'

/** What the connections of an operation have in common. */
export interface OpeningPlan {
  readonly upstream: UpgradingUpstream
  readonly timeoutMs: number
  readonly limits: RelayLimits
  readonly host: RuntimeHost
  readonly log: Logger
  /** Internal details may be shown to clients. */
  readonly dev: boolean
}

/** One connection on its way: what a service that does not accept answers is passed on like any answer. */
export class Opening implements UpstreamHandler {
  readonly #exchange: Exchange
  readonly #plan: OpeningPlan
  #call: UpstreamCall | undefined
  #sink: BodySink | undefined
  #relay: Relay | undefined
  #startedMs = 0

  constructor(exchange: Exchange, plan: OpeningPlan) {
    this.#exchange = exchange
    this.#plan = plan
  }

  /** @param target path and query, encoded */
  start(target: string): void {
    const { upstream, timeoutMs, host } = this.#plan
    const lines = `${requestLines(this.#exchange)}connection: Upgrade\r\nupgrade: websocket\r\n`
    this.#startedMs = host.monotonicMs()
    // The client may have another answer than the service's.
    this.#exchange.onClose(() => this.#call?.abort())
    this.#call = upstream.client.send({ method: 'GET', target, lines, body: null, timeoutMs }, this)
  }

  onUpgrade(headers: Fields, service: Duplex): void {
    this.#observe()
    service.on('error', () => service.destroy())
    // Where it does not come to a relay, nobody else ends it.
    this.#exchange.onClose(() => {
      if (this.#relay === undefined) service.destroy()
    })
    const key = this.#exchange.request.headers.get('sec-websocket-key') as string
    if (!isAccepted(headers, key)) {
      service.destroy()
      return this.onFault(
        'unavailable',
        new Error('The service has accepted something else than it was asked'),
      )
    }
    this.#exchange.upgrade(headers, {
      protocol: 'websocket',
      onShutdown: () => this.#relay?.close(),
      onOpen: (client) => {
        const { limits, upstream } = this.#plan
        this.#relay = new Relay(client, service, { limits, watch: upstream.watch, onEnd: () => undefined })
      },
    })
  }

  onStart(status: number, fields: Fields): void {
    this.#observe()
    this.#sink = this.#exchange.stream(status, fields)
    this.#sink.onDrain(() => this.#call?.resume())
  }

  onData(chunk: Buffer): boolean {
    return this.#sink?.write(chunk) ?? true
  }

  onEnd(): void {
    this.#sink?.end()
  }

  onFault(fault: UpstreamFault, cause: Error): void {
    const { upstream, log, dev } = this.#plan
    const { requestId } = this.#exchange
    upstream.metrics.failed(fault)
    const { origin } = upstream
    log.log('warn', 'upstream failed', {
      upstream: origin,
      fault,
      reason: cause.message,
      request_id: requestId,
    })
    if (this.#sink !== undefined) return this.#sink.destroy()
    if (this.#exchange.status !== 0) return
    this.#exchange.problem(PROBLEM_OF[fault], dev ? { detail: cause.message } : undefined)
  }

  #observe(): void {
    const { upstream, host } = this.#plan
    upstream.metrics.duration.observe((host.monotonicMs() - this.#startedMs) / 1000)
  }
}
