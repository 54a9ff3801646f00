import type { MockExample } from '../../domain/index.ts'
import type { RuntimeHost } from '../runtime-host.ts'
import type { Logger } from '../telemetry/index.ts'
import type { DeliveryQueues } from './fire-and-forget/delivery-queues.ts'
import type { TargetGroups } from './targets/index.ts'
import type { Upstreams } from './upstreams.ts'

/** What a dispatcher gets when the artifact is loaded. */
export interface DispatcherContext {
  /** The parameters of the route's template, in the order of the captures. */
  readonly captureNames: readonly string[]
  /** What `mock` answers with by the examples of the description. */
  readonly examples: readonly MockExample[] | undefined
  readonly upstreams: Upstreams
  readonly targetGroups: TargetGroups
  readonly deliveryQueues: DeliveryQueues
  readonly host: RuntimeHost
  readonly log: Logger
  /** Internal details may be shown to clients. */
  readonly dev: boolean
}
