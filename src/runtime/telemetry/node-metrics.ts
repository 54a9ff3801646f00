import type { Counter, MetricRegistry } from './metrics.ts'

/** What is measured of a node as a whole. */
export interface NodeMetrics {
  readonly reloaded: (result: 'loaded' | 'refused') => void
}

export interface WorkerMetrics {
  readonly restarted: () => void
}

/** Adds what is measured of workers. */
export function createWorkerMetrics(registry: MetricRegistry, running: () => number): WorkerMetrics {
  registry.gauge('barbacane_workers', 'Worker processes that serve.', running)
  const restarts = registry.counter(
    'barbacane_worker_restarts_total',
    'Workers that ended and were started again.',
  )
  const counter = restarts.with({})
  return { restarted: () => counter.increment() }
}

/** Adds what is measured of the configurations of a process. */
export function addConfigurationMetrics(
  registry: MetricRegistry,
  retired: () => number,
): { readonly cutOff: Counter } {
  registry.gauge(
    'barbacane_retired_configurations',
    'Configurations that were replaced and still have requests.',
    retired,
  )
  const cutOff = registry.counter(
    'barbacane_requests_cut_off_total',
    'Requests that were cut off because their configuration had been replaced for too long.',
  )
  return { cutOff: cutOff.with({}) }
}

/** Adds the metrics of a node to a registry. */
export function createNodeMetrics(registry: MetricRegistry, nowMs: () => number): NodeMetrics {
  const reloads = registry.counter('barbacane_reloads_total', 'Attempts to load the artifact again.')
  const byResult = {
    loaded: reloads.with({ result: 'loaded' }),
    refused: reloads.with({ result: 'refused' }),
  }
  let loadedSeconds = nowMs() / 1000
  registry.gauge(
    'barbacane_configuration_loaded_timestamp_seconds',
    'When what runs was loaded, since the Unix epoch.',
    () => loadedSeconds,
  )
  return {
    reloaded: (result) => {
      byResult[result].increment()
      if (result === 'loaded') loadedSeconds = nowMs() / 1000
    },
  }
}
