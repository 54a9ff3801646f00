import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'

/** What Node keeps of a connection, and declares no types for. */
interface Kept {
  /** The connection below TLS. */
  readonly _parent?: (Duplex & Kept) | null
  /** With what the system has not taken yet, in bytes. */
  readonly _handle?: { readonly writeQueueSize?: number } | null
}

const NOTHING = Buffer.alloc(0)

/**
 * Finds out whether a connection that is not being read was reset, which the system says only to who reads or writes; then it
 * is destroyed. To write nothing is enough, and sends nothing.
 */
export function noticeReset(socket: Duplex): void {
  // TLS does not pass on how a write of nothing has failed.
  const below = socket instanceof TLSSocket ? (socket as TLSSocket & Kept)._parent : (socket as Duplex & Kept)
  if (below?.writable !== true) return
  // What is on its way notices by itself, and whatever waits behind it would end in the hands of TLS or HTTP/2, who did not write it.
  if (below._handle?.writeQueueSize === 0) below.write(NOTHING)
}
