import type { HttpLimits } from '../limits.ts'
import type { EngineFault, RefusalHandler, Reply, RequestHandler } from '../port.ts'
import type { Watch } from '../watch.ts'

/** A connection of a listener, whatever it speaks. */
export interface ListenerConnection {
  /** Takes no further request, and ends once none is in flight. */
  readonly endIdle: () => void
}

/** What the connections of a listener have in common. */
export interface ConnectionScope {
  readonly limits: HttpLimits
  readonly onRequest: RequestHandler
  /** What the engine has refused before there was a request. */
  readonly onRefused: RefusalHandler
  readonly watch: Watch
  readonly dateLine: () => string
  /** True where nothing new is accepted any more. */
  readonly isClosing: () => boolean
  /** True where no connection is to be used again. */
  readonly endsConnections: () => boolean
  /** Answers what cannot be handed on. */
  readonly refuse: (reply: Reply, fault: EngineFault) => void
}
