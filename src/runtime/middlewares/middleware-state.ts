import { RetryBudget, SlidingLog, type WindowCounter } from '../limits/index.ts'
import { createGates, type Gates } from './concurrency/gates.ts'
import { NamedStates } from './named-states.ts'
import { createCircuits, type Circuits } from './circuit-breaker/circuits.ts'

/** Which of the processes that serve for a node this is, and how many there are. */
export interface WorkerShare {
  readonly index: number
  readonly count: number
}

/** What middlewares keep across reloads: counts would begin anew with every release otherwise. */
export interface MiddlewareState {
  readonly rateLimits: WindowCounter
  readonly share: WorkerShare
  readonly gates: Gates
  readonly circuits: Circuits
  readonly budgets: NamedStates<RetryBudget>
}

/** @param rateLimits counts together with other processes, where there are any */
export function createMiddlewareState(
  rateLimits: WindowCounter = new SlidingLog(),
  share: WorkerShare = { index: 0, count: 1 },
): MiddlewareState {
  return {
    rateLimits,
    share,
    gates: createGates(),
    circuits: createCircuits(),
    budgets: new NamedStates(() => new RetryBudget()),
  }
}
