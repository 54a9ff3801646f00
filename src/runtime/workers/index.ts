export { startWorkers } from './start-workers.ts'
export { runWorker } from './worker.ts'
export type { Peer } from './calls.ts'
