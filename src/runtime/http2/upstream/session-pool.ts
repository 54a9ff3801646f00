import {
  ConnectionPool,
  faultOf,
  socketConnector,
  type ConnectSocket,
  type UpstreamCall,
  type UpstreamOptions,
} from '../../http/index.ts'
import { ClientSession, type SessionOwner } from './client-session.ts'

/** Connections to an origin; a further one is made where those that there are have no room. */
const MAX_SESSIONS = 16

/** Speaks HTTP/2 to one origin, by ALPN or by prior knowledge (RFC 9113 §3). */
export class SessionPool extends ConnectionPool<ClientSession> implements SessionOwner {
  readonly origin: string
  readonly #open: ConnectSocket

  constructor(options: UpstreamOptions) {
    super(options)
    this.origin = options.origin
    this.#open = socketConnector(options, 'h2')
  }

  onRoom(session: ClientSession): void {
    while (session.hasRoom && this.waiting.size > 0) {
      const call = this.waiting.next()
      if (call !== undefined) session.carry(call)
    }
    if (this.isOver) session.retire()
    else this.#connectIfNeeded()
  }

  onUnprocessed(call: UpstreamCall): void {
    this.place(call)
  }

  protected place(call: UpstreamCall): void {
    for (const session of this.connections) {
      if (session.hasRoom) return session.carry(call)
    }
    if (this.waiting.add(call)) this.#connectIfNeeded()
  }

  protected lost(session: ClientSession, cause: Error): void {
    // Nobody else could take them.
    if (!session.isReady && this.connections.size === 0) {
      for (let call = this.waiting.next(); call !== undefined; call = this.waiting.next()) {
        call.fail(faultOf(cause), cause)
      }
    }
    this.#connectIfNeeded()
  }

  #connectIfNeeded(): void {
    if (this.waiting.size === 0 || this.connections.size >= MAX_SESSIONS) return
    for (const { isReady } of this.connections) if (!isReady) return
    this.connections.add(new ClientSession(this, this.#open))
  }
}
