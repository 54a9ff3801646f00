import type { Watch, Watched } from '../watch.ts'
import { DEFAULT_TIMES, type ConnectionTimes } from './connection-times.ts'
import type { UpstreamTls } from './open-socket.ts'
import { UpstreamCall, type UpstreamHandler, type UpstreamRequest } from './upstream-call.ts'
import { WaitingCalls } from './waiting-calls.ts'

export interface UpstreamOptions {
  /** `https://host:port`, as `URL.origin` writes it. */
  readonly origin: string
  readonly watch: Watch
  readonly tls?: UpstreamTls | undefined
  /** Names may stand for private addresses. */
  readonly allowsPrivate: boolean
  readonly times?: Partial<ConnectionTimes>
}

/** Connections to one origin. */
export interface UpstreamClient {
  readonly send: (request: UpstreamRequest, handler: UpstreamHandler) => UpstreamCall
  /**
   * Takes no further call, and ends idle connections; those in use, and calls that wait for one, end as they would have, by
   * the same times.
   */
  readonly close: () => void
}

/** A connection as its pool sees it. */
export interface PooledConnection extends Watched {
  /** Takes no further call, and ends with the last of those that it has; at once where it has none. */
  readonly retire: () => void
}

/** What connections to one origin have in common, whatever is spoken on them: calls that wait, times, and their end. */
export abstract class ConnectionPool<Connection extends PooledConnection> implements UpstreamClient, Watched {
  readonly times: ConnectionTimes
  protected readonly connections = new Set<Connection>()
  protected readonly waiting = new WaitingCalls()
  readonly #watch: Watch
  #isClosed = false

  constructor({ watch, times }: Pick<UpstreamOptions, 'watch' | 'times'>) {
    this.times = { ...DEFAULT_TIMES, ...times }
    this.#watch = watch
    watch.add(this)
  }

  nowMs(): number {
    return this.#watch.nowMs
  }

  deadlineMs(timeoutMs: number): number {
    return this.#watch.deadlineMs(timeoutMs)
  }

  send(request: UpstreamRequest, handler: UpstreamHandler): UpstreamCall {
    const call = new UpstreamCall(request, handler, this.deadlineMs(request.timeoutMs))
    if (this.#isClosed)
      queueMicrotask(() => call.fail('unavailable', new Error('The gateway is done with it')))
    else this.place(call)
    return call
  }

  close(): void {
    this.#isClosed = true
    this.#endIfOver()
  }

  check(nowMs: number): void {
    for (const connection of this.connections) connection.check(nowMs)
    this.waiting.failLate(nowMs)
    this.#endIfOver()
  }

  onClose(connection: Connection, cause: Error): void {
    this.connections.delete(connection)
    this.lost(connection, cause)
    this.#endIfOver()
  }

  /** True where a connection that is free, or still being made, is not needed any more. */
  protected get isOver(): boolean {
    return this.#isClosed && this.waiting.size === 0
  }

  /** Gives a call to a connection, or lets it wait for one. */
  protected abstract place(call: UpstreamCall): void

  /** Makes up for a connection that has ended, or could not be made, where calls wait. */
  protected abstract lost(connection: Connection, cause: Error): void

  /** Whoever holds a connection of a closed pool is watched until it is gone. */
  #endIfOver(): void {
    if (!this.isOver) return
    for (const connection of this.connections) connection.retire()
    if (this.connections.size === 0) this.#watch.delete(this)
  }
}
