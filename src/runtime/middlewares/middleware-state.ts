import { RetryBudget, SlidingLog } from '../limits/index.ts'
import { createGates, type Gates } from './concurrency/gates.ts'
import { NamedStates } from './named-states.ts'
import { createCircuits, type Circuits } from './circuit-breaker/circuits.ts'

/** What middlewares keep across reloads: counts would begin anew with every release otherwise. */
export interface MiddlewareState {
  readonly rateLimits: SlidingLog
  readonly gates: Gates
  readonly circuits: Circuits
  readonly budgets: NamedStates<RetryBudget>
}

export function createMiddlewareState(): MiddlewareState {
  return {
    rateLimits: new SlidingLog(),
    gates: createGates(),
    circuits: createCircuits(),
    budgets: new NamedStates(() => new RetryBudget()),
  }
}
