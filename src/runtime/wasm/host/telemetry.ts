import { isObject, type JsonValue } from '../../../domain/index.ts'
import type { Guest, HostFunctions } from './guest.ts'

/** Metrics reach the gateway's registry. Spans are taken and dropped: plugins have no trace of their own. */
export function telemetry(guest: Guest): HostFunctions {
  const labels = (pointer: number, length: number): Readonly<Record<string, string>> => {
    const value = guest.json(pointer, length) as JsonValue | undefined
    if (value === undefined || !isObject(value)) return {}
    return Object.fromEntries(
      Object.entries(value).map(([name, label]) => [
        name,
        typeof label === 'string' ? label : JSON.stringify(label),
      ]),
    )
  }
  const ignore = () => guest.spend(0)
  return {
    host_metric_counter_inc: (...[name, length, at, size, by]: [number, number, number, number, number]) =>
      guest.services.count(guest.text(name, length), labels(at, size), by),
    host_metric_histogram_observe: (
      ...[name, length, at, size, value]: [number, number, number, number, number]
    ) => guest.services.observe(guest.text(name, length), labels(at, size), value),
    host_span_start: ignore,
    host_span_end: ignore,
    host_span_set_attribute: ignore,
  }
}
