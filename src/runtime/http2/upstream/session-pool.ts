import {
  DEFAULT_TIMES,
  faultOf,
  socketConnector,
  UpstreamCall,
  WaitingCalls,
  type ConnectionTimes,
  type ConnectSocket,
  type UpstreamClient,
  type UpstreamHandler,
  type UpstreamOptions,
  type UpstreamRequest,
  type Watched,
} from '../../http/index.ts'
import { ClientSession, type SessionOwner } from './client-session.ts'

/** Connections to an origin; a further one is made where those that there are have no room. */
const MAX_SESSIONS = 16

/** Speaks HTTP/2 to one origin, by ALPN or by prior knowledge (RFC 9113 §3). */
export class SessionPool implements UpstreamClient, Watched, SessionOwner {
  readonly origin: string
  readonly times: ConnectionTimes
  readonly #options: UpstreamOptions
  readonly #open: ConnectSocket
  readonly #sessions = new Set<ClientSession>()
  readonly #waiting = new WaitingCalls()
  #isClosed = false

  constructor(options: UpstreamOptions) {
    this.origin = options.origin
    this.times = { ...DEFAULT_TIMES, ...options.times }
    this.#options = options
    this.#open = socketConnector(options, 'h2')
    options.watch.add(this)
  }

  nowMs(): number {
    return this.#options.watch.nowMs
  }

  deadlineMs(timeoutMs: number): number {
    return this.#options.watch.deadlineMs(timeoutMs)
  }

  send(request: UpstreamRequest, handler: UpstreamHandler): UpstreamCall {
    const call = new UpstreamCall(request, handler, this.deadlineMs(request.timeoutMs))
    this.#place(call)
    return call
  }

  /** Sessions end with the last of their calls. */
  close(): void {
    this.#isClosed = true
    for (const session of this.#sessions) session.retire()
    this.#endWatch()
  }

  check(nowMs: number): void {
    for (const session of this.#sessions) session.check(nowMs)
    this.#waiting.failLate(nowMs)
  }

  onRoom(session: ClientSession): void {
    while (session.hasRoom && this.#waiting.size > 0) {
      const call = this.#waiting.next()
      if (call !== undefined) session.carry(call)
    }
    this.#connectIfNeeded()
  }

  onClose(session: ClientSession, cause: Error): void {
    this.#sessions.delete(session)
    // Nobody else could take them.
    if (!session.isReady && this.#sessions.size === 0) {
      for (let call = this.#waiting.next(); call !== undefined; call = this.#waiting.next()) {
        call.fail(faultOf(cause), cause)
      }
    }
    this.#connectIfNeeded()
    this.#endWatch()
  }

  onUnprocessed(call: UpstreamCall): void {
    this.#place(call)
  }

  #place(call: UpstreamCall): void {
    for (const session of this.#sessions) {
      if (session.hasRoom) return session.carry(call)
    }
    if (this.#waiting.add(call)) this.#connectIfNeeded()
  }

  #connectIfNeeded(): void {
    if (this.#waiting.size === 0 || this.#sessions.size >= MAX_SESSIONS) return
    for (const { isReady } of this.#sessions) if (!isReady) return
    this.#sessions.add(new ClientSession(this, this.#open))
  }

  #endWatch(): void {
    if (this.#isClosed && this.#sessions.size === 0) this.#options.watch.delete(this)
  }
}
