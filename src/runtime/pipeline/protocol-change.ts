import type { Duplex } from 'node:stream'

/** What becomes of a connection that goes on with another protocol. */
export interface ProtocolChange {
  readonly protocol: string
  /** The listener wants the connection to end. */
  readonly onShutdown: () => void
  /** Takes the connection, paused. */
  readonly onOpen: (connection: Duplex) => void
}
