import type { RuntimeHost } from '../runtime-host.ts'
import type { MetricRegistry } from './metrics.ts'

/** Adds what the process itself uses, under the names of Prometheus' own client libraries. */
export function addProcessMetrics(registry: MetricRegistry, host: RuntimeHost): void {
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
