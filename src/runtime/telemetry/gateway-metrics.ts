import type { RuntimeHost } from '../runtime-host.ts'
import { DURATION_BOUNDS } from './duration-bounds.ts'
import { MetricRegistry, type Counter, type Histogram, type Sample } from './metrics.ts'
import { createOperationMeter, remembered, type OperationMeter } from './operation-metrics.ts'
import { createPluginMetrics, type PluginMetrics } from './plugin-metrics.ts'
import { addProcessMetrics } from './process-metrics.ts'
import { createStages, type Stages } from './stages.ts'
import { createUpstreamMeter, type UpstreamMeter } from './upstream-metrics.ts'

export interface GatewayMetrics extends OperationMeter, UpstreamMeter {
  readonly registry: MetricRegistry
  readonly stages: Stages
  readonly connectionsTotal: Counter
  /** Connections beyond the limit. */
  readonly connectionsRefused: Counter
  /** What the middleware `observability` measures of an operation. */
  readonly forLatency: (method: string, path: string) => LatencyMetrics
  /** Records that `http-log` could not deliver to a service. */
  readonly httpLogDropped: (endpoint: string) => Counter
  readonly plugins: PluginMetrics
}

export interface LatencyMetrics {
  readonly duration: Histogram
  readonly sloViolations: Counter
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
  const operations = createOperationMeter(registry)
  const stages = createStages(registry, host.monotonicMs)
  const upstreams = createUpstreamMeter(registry, state.targets)
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
  const latencyByOperation = new Map<string, LatencyMetrics>()
  const connectionsTotal = registry.counter('barbacane_connections_total', 'Connections accepted.').with({})
  const connectionsRefused = registry
    .counter('barbacane_connections_refused_total', 'Connections beyond the limit, closed at once.')
    .with({})
  registry.gauge('barbacane_active_connections', 'Open client connections.', state.activeConnections)
  registry.info('barbacane_build_info', 'What this node runs.', state.build)
  addProcessMetrics(registry, host)
  return {
    ...operations,
    ...upstreams,
    registry,
    stages,
    connectionsTotal,
    connectionsRefused,
    forLatency: (method, path) =>
      remembered(latencyByOperation, `${method} ${path}`, () => ({
        duration: latencies.with({ method, path }),
        sloViolations: violations.with({ method, path }),
      })),
    httpLogDropped: (endpoint) => dropped.with({ endpoint }),
    plugins: createPluginMetrics(registry),
  }
}
