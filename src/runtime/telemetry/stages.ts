import type { Counter, Histogram, MetricRegistry } from './metrics.ts'
import { DURATION_BOUNDS } from './duration-bounds.ts'

/** A part of the way of a request, and what is measured of it; made when the artifact is loaded. */
export interface Stage {
  /** For spans: `route`, `validate`, `middleware cors`, `dispatch mock` … */
  readonly name: string
  readonly nowMs: () => number
  readonly duration: Histogram
  /** Counts requests that a middleware answers itself. */
  readonly shortCircuits: Counter | null
  /** How long its hook on the answer takes. */
  readonly response: Histogram | null
  /** Counts errors that a dispatcher answers with. */
  readonly failed: ((reason: string) => void) | null
}

/** The stages by what they do. */
export interface Stages {
  readonly route: Stage
  readonly validate: Stage
  readonly middleware: (name: string) => Stage
  readonly dispatch: (name: string) => Stage
}

export function createStages(registry: MetricRegistry, nowMs: () => number): Stages {
  const durations = registry.histogram(
    'barbacane_stage_duration_seconds',
    'Time that finding the route and validating the request take.',
    DURATION_BOUNDS,
  )
  const middlewares = registry.histogram(
    'barbacane_middleware_duration_seconds',
    'Time that a middleware takes before it hands the request on, and over the answer.',
    DURATION_BOUNDS,
  )
  const shortCircuits = registry.counter(
    'barbacane_middleware_short_circuits_total',
    'Requests that a middleware has answered itself.',
  )
  const dispatches = registry.histogram(
    'barbacane_dispatch_duration_seconds',
    'Time until a dispatcher begins its answer.',
    DURATION_BOUNDS,
  )
  const errors = registry.counter(
    'barbacane_dispatch_errors_total',
    'Errors that a dispatcher has answered with, by their type.',
  )
  const named = (name: string): Stage => ({
    name,
    nowMs,
    duration: durations.with({ stage: name }),
    shortCircuits: null,
    response: null,
    failed: null,
  })
  return {
    route: named('route'),
    validate: named('validate'),
    middleware: (middleware) => ({
      name: `middleware ${middleware}`,
      nowMs,
      duration: middlewares.with({ middleware, phase: 'request' }),
      shortCircuits: shortCircuits.with({ middleware }),
      response: middlewares.with({ middleware, phase: 'response' }),
      failed: null,
    }),
    dispatch: (dispatcher) => ({
      name: `dispatch ${dispatcher}`,
      nowMs,
      duration: dispatches.with({ dispatcher }),
      shortCircuits: null,
      response: null,
      failed: (reason) => errors.with({ dispatcher, reason }).increment(),
    }),
  }
}
