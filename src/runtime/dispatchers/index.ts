export { createDispatchers, isDispatcher } from './create-dispatcher.ts'
export { createDeliveryQueues, type DeliveryQueues } from './fire-and-forget/delivery-queues.ts'
export { createTargetGroups, type GroupStatus, type TargetGroups } from './targets/index.ts'
export { createUpstreams, type Upstreams, type UpgradingUpstream } from './upstreams.ts'
