import {
  diag,
  DiagLogLevel,
  ROOT_CONTEXT,
  SpanKind,
  trace,
  type HrTime,
  type Tracer,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TracerProvider,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace'

import type { RuntimeHost } from '../../runtime-host.ts'
import type { Logger } from '../logger.ts'
import { SpanTrace } from './span-trace.ts'
import type { Tracing } from './trace.ts'

export interface TracingOptions {
  /** Where the collector takes traces: `https://collector:4318/v1/traces`. */
  readonly url: string
  /** The share of requests, 0 to 1, that are followed where their headers do not say whether they are. */
  readonly sampling: number
  readonly nodeName: string
  readonly version: string
}

/** For one batch, repetitions included; a gateway that ends waits no longer than this. */
const EXPORT_TIMEOUT_MS = 5000

/**
 * Traces by the OpenTelemetry SDK, sent in batches by OTLP over HTTP (protobuf). Headers for the collector come from
 * `OTEL_EXPORTER_OTLP_HEADERS`. Loaded only where there is a collector.
 */
export function createOtlpTracing(options: TracingOptions, host: RuntimeHost, log: Logger): Tracing {
  reportTo(log)
  const exporter = new OTLPTraceExporter({ url: options.url, timeoutMillis: EXPORT_TIMEOUT_MS })
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'barbacane',
      'service.version': options.version,
      'service.instance.id': options.nodeName,
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.sampling) }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  })
  return {
    begin: createBeginning(provider.getTracer('barbacane', options.version), host),
    close: async () => {
      try {
        await provider.shutdown()
      } catch (error) {
        log.log('error', 'traces were not delivered', { reason: (error as Error).message })
      }
    },
  }
}

/** What the SDK has to say goes into the log of the gateway: a collector that is away is worth a line. */
function reportTo(log: Logger): void {
  const at = (level: 'error' | 'warn') => (message: string) =>
    log.log(level, 'tracing', { reason: message.slice(0, 1000) })
  const ignore = () => undefined
  diag.setLogger(
    { error: at('error'), warn: at('warn'), info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  )
}

function createBeginning(tracer: Tracer, host: RuntimeHost): Tracing['begin'] {
  const propagator = new W3CTraceContextPropagator()
  // Spans tell the time of day, by a clock that does not jump while a request is under way.
  const epochMs = host.nowMs() - host.monotonicMs()
  const timeOf = (monotonicMs: number): HrTime => {
    const ms = epochMs + monotonicMs
    return [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)]
  }
  return (request, startMs) => {
    const { method, path, headers } = request
    const parent = propagator.extract(ROOT_CONTEXT, headers, {
      keys: () => [],
      // Repeated fields of `tracestate` are one list; two of `traceparent` have no meaning (W3C Trace Context §2.3).
      get: (_, name) => {
        const values = headers.values(name)
        return name === 'traceparent' && values.length > 1 ? undefined : values.join(',') || undefined
      },
    })
    const span = tracer.startSpan(
      method,
      {
        kind: SpanKind.SERVER,
        startTime: timeOf(startMs),
        attributes: { 'http.request.method': method, 'url.path': path },
      },
      parent,
    )
    const inSpan = trace.setSpan(parent, span)
    const inject = (spanContext: typeof inSpan) => {
      // A state that belongs to no parent must not go on (§3.4).
      headers.remove('tracestate')
      headers.remove('traceparent')
      propagator.inject(spanContext, headers, { set: (_, name, value) => headers.set(name, value) })
    }
    inject(inSpan)
    return new SpanTrace(span, inSpan, { tracer, timeOf, inject, method })
  }
}
