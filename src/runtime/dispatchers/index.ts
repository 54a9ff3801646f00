export { createDispatchers, isDispatcher } from './create-dispatcher.ts'
export { createUpstreams, type Upstreams } from './upstreams.ts'
