import { DURATION_BOUNDS } from './duration-bounds.ts'
import type { Histogram, MetricRegistry, Sample } from './metrics.ts'

export interface UpstreamMetrics {
  readonly duration: Histogram
  readonly failed: (fault: string) => void
  readonly retried: () => void
  readonly ejected: () => void
  readonly checked: (isHealthy: boolean) => void
}

/** What the dispatcher `fire-and-forget` measures of a service. */
export interface DeliveryMetrics {
  readonly dropped: (reason: 'full' | 'failed' | 'shutdown') => void
}

export interface UpstreamMeter {
  readonly forUpstream: (origin: string) => UpstreamMetrics
  readonly forDeliveries: (upstream: string) => DeliveryMetrics
}

/** @param targets 1 for each target that is given requests, 0 for the others */
export function createUpstreamMeter(
  registry: MetricRegistry,
  targets: () => readonly Sample[],
): UpstreamMeter {
  const durations = registry.histogram(
    'barbacane_upstream_response_seconds',
    'Time until an upstream began its response.',
    DURATION_BOUNDS,
  )
  const failures = registry.counter(
    'barbacane_upstream_failures_total',
    'Requests that an upstream did not answer.',
  )
  const attempts = registry.counter('barbacane_upstream_retries_total', 'Attempts after the first.')
  const ejections = registry.counter(
    'barbacane_upstream_ejections_total',
    'Times that a target was left alone because requests failed.',
  )
  const checks = registry.counter('barbacane_upstream_checks_total', 'Health checks, by what they found.')
  registry.gauges('barbacane_upstream_target_up', 'Whether a target is given requests.', targets)
  const deliveries = registry.counter(
    'barbacane_fire_and_forget_dropped_total',
    'Requests that fire-and-forget did not take, or could not deliver.',
  )
  return {
    forUpstream: (upstream) => {
      const retries = attempts.with({ upstream })
      const ejected = ejections.with({ upstream })
      return {
        duration: durations.with({ upstream }),
        failed: (reason) => failures.with({ upstream, reason }).increment(),
        retried: () => retries.increment(),
        ejected: () => ejected.increment(),
        checked: (isHealthy) =>
          checks.with({ upstream, outcome: isHealthy ? 'healthy' : 'unhealthy' }).increment(),
      }
    },
    forDeliveries: (upstream) => ({
      dropped: (reason) => deliveries.with({ upstream, reason }).increment(),
    }),
  }
}
