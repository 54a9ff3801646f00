import type { Counter, Family, Histogram, MetricRegistry } from './metrics.ts'

type Labels = Readonly<Record<string, string>>

/** Where the metrics of plugins go. */
export interface PluginMetrics {
  readonly count: (plugin: string, name: string, labels: Labels, by: number) => void
  readonly observe: (plugin: string, name: string, labels: Labels, value: number) => void
}

/** Sets of label values over all metrics of all plugins; what comes after them is not kept. */
const MAX_SERIES = 1000
const MAX_LABELS = 8
const MAX_LABEL_CHARACTERS = 100
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Adds what plugins count and observe to the registry, as `barbacane_plugin_<plugin>_<name>`. */
export function createPluginMetrics(registry: MetricRegistry): PluginMetrics {
  const counters = new Map<string, Family<Counter>>()
  const histograms = new Map<string, Family<Histogram>>()
  const series = new Set<string>()
  const isRoom = (name: string, labels: Labels): boolean => {
    const key = `${name}${JSON.stringify(labels)}`
    if (series.has(key)) return true
    if (series.size >= MAX_SERIES) return false
    series.add(key)
    return true
  }
  return {
    count: (plugin, name, labels, by) => {
      const metric = metricName(plugin, name)
      const kept = boundedLabels(labels)
      // A counter that goes back is none.
      if (histograms.has(metric) || !(by >= 0) || !Number.isFinite(by) || !isRoom(metric, kept)) return
      const family = counters.get(metric) ?? registry.counter(metric, `Counted by the plugin ${plugin}.`)
      counters.set(metric, family)
      family.with(kept).increment(by)
    },
    observe: (plugin, name, labels, value) => {
      const metric = metricName(plugin, name)
      const kept = boundedLabels(labels)
      if (counters.has(metric) || !Number.isFinite(value) || !isRoom(metric, kept)) return
      const family =
        histograms.get(metric) ?? registry.histogram(metric, `Observed by the plugin ${plugin}.`, BOUNDS)
      histograms.set(metric, family)
      family.with(kept).observe(value)
    },
  }
}

function metricName(plugin: string, name: string): string {
  return `barbacane_plugin_${plugin}_${name}`.replaceAll(/[^a-zA-Z0-9_]/g, '_').slice(0, 200)
}

function boundedLabels(labels: Labels): Labels {
  const entries = Object.entries(labels)
    .slice(0, MAX_LABELS)
    .map(([name, value]) => [
      name.replaceAll(/[^a-zA-Z0-9_]/g, '_').replace(/^(?=\d|$)/, '_'),
      value.slice(0, MAX_LABEL_CHARACTERS),
    ])
  return Object.fromEntries(entries) as Labels
}
