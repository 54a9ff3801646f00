import type { Watch, Watched } from '../watch.ts'
import { socketOpener, type OpenSocket, type UpstreamTls } from './open-socket.ts'
import { faultOf, UpstreamCall, type UpstreamHandler, type UpstreamRequest } from './upstream-call.ts'
import { UpstreamConnection, type ConnectionOwner } from './upstream-connection.ts'

export interface UpgradeClientOptions {
  /** `https://host:port`, as `URL.origin` writes it. */
  readonly origin: string
  readonly watch: Watch
  readonly tls?: UpstreamTls | undefined
  /** Names may stand for private addresses. */
  readonly allowsPrivate: boolean
  readonly connectTimeoutMs: number
}

/** Asks an origin for a change of protocols, each time on a connection of its own. */
export class UpgradeClient {
  readonly #options: UpgradeClientOptions
  readonly #open: OpenSocket

  constructor(options: UpgradeClientOptions) {
    this.#options = options
    this.#open = socketOpener({ ...options, handsOver: true })
  }

  /** @param request its lines hold `Connection` and `Upgrade`, too */
  send(request: UpstreamRequest, handler: UpstreamHandler): UpstreamCall {
    const { watch } = this.#options
    const call = new UpstreamCall(request, handler, watch.deadlineMs(request.timeoutMs))
    watch.add(new OneCall(call, this.#options, this.#open))
    return call
  }
}

/** The connection of one call. */
class OneCall implements ConnectionOwner, Watched {
  readonly host: string
  readonly #watch: Watch
  readonly #call: UpstreamCall
  readonly #connection: UpstreamConnection
  #isCarried = false

  constructor(
    call: UpstreamCall,
    { origin, watch, connectTimeoutMs }: UpgradeClientOptions,
    open: OpenSocket,
  ) {
    this.host = new URL(origin).host
    this.#watch = watch
    this.#call = call
    const times = { connectTimeoutMs, idleTimeoutMs: 0, maxAgeMs: Infinity }
    this.#connection = new UpstreamConnection(this, times, open)
  }

  nowMs(): number {
    return this.#watch.nowMs
  }

  deadlineMs(timeoutMs: number): number {
    return this.#watch.deadlineMs(timeoutMs)
  }

  check(nowMs: number): void {
    this.#connection.check(nowMs)
  }

  onFree(connection: UpstreamConnection): void {
    // It is free again after an answer that was no change of protocols.
    if (this.#isCarried || this.#call.isOver)
      return connection.destroy(new Error('The gateway is done with it'))
    this.#isCarried = true
    connection.carry(this.#call)
  }

  onClose(_: UpstreamConnection, cause: Error): void {
    this.#watch.delete(this)
    if (!this.#isCarried) this.#call.fail(faultOf(cause), cause)
  }

  /** It cannot be: no connection carries a second call. */
  onStale(call: UpstreamCall): void {
    call.fail('unavailable', new Error('The service closed the connection'))
  }
}
