import type { RuntimeHost } from '../runtime-host.ts'
import { MetricRegistry, type Counter, type Histogram, type Sample } from './metrics.ts'
import { createPluginMetrics, type PluginMetrics } from './plugin-metrics.ts'

const DURATION_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** The children of one operation, bound when the artifact is loaded. */
export interface OperationMetrics {
  readonly observe: (status: number, durationSeconds: number) => void
  readonly validationFailed: (where: string) => void
  readonly responseChecked: (result: ResponseResult) => void
}

/** What the comparison of an answer with its description came to; `unchecked` where its body could not be looked at. */
export type ResponseResult = 'valid' | 'invalid' | 'unchecked'

export interface GatewayMetrics {
  readonly registry: MetricRegistry
  readonly connectionsTotal: Counter
  readonly forOperation: (method: string, path: string) => OperationMetrics
  readonly forUpstream: (origin: string) => UpstreamMetrics
  /** What the middleware `observability` measures of an operation. */
  readonly forLatency: (method: string, path: string) => LatencyMetrics
  /** Records that `http-log` could not deliver to a service. */
  readonly httpLogDropped: (endpoint: string) => Counter
  readonly forDeliveries: (upstream: string) => DeliveryMetrics
  readonly plugins: PluginMetrics
}

/** What the dispatcher `fire-and-forget` measures of a service. */
export interface DeliveryMetrics {
  readonly dropped: (reason: 'full' | 'failed' | 'shutdown') => void
}

export interface LatencyMetrics {
  readonly duration: Histogram
  readonly sloViolations: Counter
}

export interface UpstreamMetrics {
  readonly duration: Histogram
  readonly failed: (fault: string) => void
  readonly retried: () => void
  readonly ejected: () => void
  readonly checked: (isHealthy: boolean) => void
}

/** What the metrics ask the gateway when they are read. */
export interface GatewayState {
  readonly activeConnections: () => number
  /** 1 for each target that is given requests, 0 for the others. */
  readonly targets: () => readonly Sample[]
  readonly build: () => { readonly artifact_hash: string; readonly version: string }
}

/** The metrics of the gateway (docs/reference/metrics.md); they outlive a reload. */
export function createGatewayMetrics(state: GatewayState, host: RuntimeHost): GatewayMetrics {
  const registry = new MetricRegistry()
  const requests = registry.counter('barbacane_requests_total', 'Requests answered.')
  const durations = registry.histogram(
    'barbacane_request_duration_seconds',
    'Time from the request head to the end of the response.',
    DURATION_BOUNDS,
  )
  const failures = registry.counter(
    'barbacane_validation_failures_total',
    'Faults found in requests, by where they were.',
  )
  const responses = registry.counter(
    'barbacane_response_validations_total',
    'Answers compared with their description, by what it came to.',
  )
  const upstreamDurations = registry.histogram(
    'barbacane_upstream_response_seconds',
    'Time until an upstream began its response.',
    DURATION_BOUNDS,
  )
  const upstreamFailures = registry.counter(
    'barbacane_upstream_failures_total',
    'Requests that an upstream did not answer.',
  )
  const upstreamRetries = registry.counter('barbacane_upstream_retries_total', 'Attempts after the first.')
  const ejections = registry.counter(
    'barbacane_upstream_ejections_total',
    'Times that a target was left alone because requests failed.',
  )
  const checks = registry.counter('barbacane_upstream_checks_total', 'Health checks, by what they found.')
  registry.gauges('barbacane_upstream_target_up', 'Whether a target is given requests.', state.targets)
  const latencies = registry.histogram(
    'barbacane_observed_latency_seconds',
    'Time from the middleware observability to the end of the response.',
    DURATION_BOUNDS,
  )
  const violations = registry.counter(
    'barbacane_latency_slo_violations_total',
    'Answers that took longer than the objective of their middleware observability.',
  )
  const dropped = registry.counter(
    'barbacane_http_log_dropped_total',
    'Records that the middleware http-log could not deliver.',
  )
  const deliveriesDropped = registry.counter(
    'barbacane_fire_and_forget_dropped_total',
    'Requests that fire-and-forget did not take, or could not deliver.',
  )
  const latencyByOperation = new Map<string, LatencyMetrics>()
  const connections = registry.counter('barbacane_connections_total', 'Connections accepted.')
  const connectionsTotal = connections.with({})
  registry.gauge('barbacane_active_connections', 'Open client connections.', state.activeConnections)
  registry.info('barbacane_build_info', 'What this node runs.', state.build)
  addProcessMetrics(registry, host)
  return {
    registry,
    connectionsTotal,
    forOperation: (method, path) => {
      const duration = durations.with({ method, path })
      const byStatus = new Map<number, Counter>()
      const byPlace = new Map<string, Counter>()
      const byResult = new Map<ResponseResult, Counter>()
      return {
        observe: (status, durationSeconds) => {
          remembered(byStatus, status, () =>
            requests.with({ method, path, status: String(status) }),
          ).increment()
          duration.observe(durationSeconds)
        },
        validationFailed: (reason) =>
          remembered(byPlace, reason, () => failures.with({ method, path, reason })).increment(),
        responseChecked: (result) =>
          remembered(byResult, result, () => responses.with({ method, path, result })).increment(),
      }
    },
    forLatency: (method, path) =>
      remembered(latencyByOperation, `${method} ${path}`, () => ({
        duration: latencies.with({ method, path }),
        sloViolations: violations.with({ method, path }),
      })),
    httpLogDropped: (endpoint) => dropped.with({ endpoint }),
    forUpstream: (upstream) => {
      const retries = upstreamRetries.with({ upstream })
      const ejected = ejections.with({ upstream })
      return {
        duration: upstreamDurations.with({ upstream }),
        failed: (reason) => upstreamFailures.with({ upstream, reason }).increment(),
        retried: () => retries.increment(),
        ejected: () => ejected.increment(),
        checked: (isHealthy) =>
          checks.with({ upstream, outcome: isHealthy ? 'healthy' : 'unhealthy' }).increment(),
      }
    },
    forDeliveries: (upstream) => ({
      dropped: (reason) => deliveriesDropped.with({ upstream, reason }).increment(),
    }),
    plugins: createPluginMetrics(registry),
  }
}

function remembered<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const known = map.get(key) ?? create()
  map.set(key, known)
  return known
}

function addProcessMetrics(registry: MetricRegistry, host: RuntimeHost): void {
  const startedSeconds = host.nowMs() / 1000
  registry.gauge(
    'process_start_time_seconds',
    'Start of the process since the Unix epoch.',
    () => startedSeconds,
  )
  registry.callbackCounter('process_cpu_seconds_total', 'CPU time spent.', () => host.usage().cpuSeconds)
  registry.gauge('process_resident_memory_bytes', 'Resident memory.', () => host.usage().residentBytes)
  registry.gauge('nodejs_heap_size_used_bytes', 'Heap in use.', () => host.usage().heapUsedBytes)
}
