import type { JsonObject } from '../../domain/index.ts'
import type { BodySink } from '../http/index.ts'
import type { GatewayResponse } from './response-phase.ts'

/** Looks at an answer as it leaves, once the hooks have run. */
export interface ResponseInspector {
  /** Judges a whole answer; what it returns says that another one has to take its place. */
  readonly judge: (response: GatewayResponse) => Refusal | undefined
  /** Judges an answer whose body follows, and gives what takes the body. */
  readonly follow: (response: GatewayResponse, exit: InspectionExit) => BodySink
}

/** The members of the problem document that is sent instead. */
export type Refusal = JsonObject

/** How an answer leaves that was looked at. */
export interface InspectionExit {
  readonly open: () => BodySink
  readonly refuse: (refusal: Refusal) => void
  /** Takes what a step throws. */
  readonly attempt: (step: () => void) => void
}
