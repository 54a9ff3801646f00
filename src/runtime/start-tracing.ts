import type { RuntimeHost } from './runtime-host.ts'
import type { ServeOptions } from './serve-options.ts'
import type { Logger, Tracing } from './telemetry/index.ts'

/** Follows requests where there is a collector; loaded late, so that a gateway without one starts without that. */
export async function startTracing(
  traces: ServeOptions['traces'],
  { node, version }: { readonly node: string; readonly version: string },
  host: RuntimeHost,
  log: Logger,
): Promise<Tracing | undefined> {
  if (!traces) return undefined
  const { createOtlpTracing } = await import('./telemetry/tracing/otlp-tracing.ts')
  return createOtlpTracing({ ...traces, nodeName: node, version }, host, log)
}
