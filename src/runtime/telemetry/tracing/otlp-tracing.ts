import { diag, DiagLogLevel, ROOT_CONTEXT, TraceFlags, type SpanContext } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  RandomIdGenerator,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace'

import type { RuntimeHost } from '../../runtime-host.ts'
import type { Logger } from '../logger.ts'
import { FinishedSpan, type SpanFacts } from './finished-span.ts'
import { RecordedTrace } from './recorded-trace.ts'
import { createServerAddresses } from './server-address.ts'
import { announce, parentOf } from './trace-context.ts'
import type { Tracing } from './trace.ts'
import { UnrecordedTrace } from './unrecorded-trace.ts'

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
/** What is more is dropped, and the log says so. */
const MAX_SPANS_WAITING = 8192
/** Some 300 KB: what a batch costs beside its spans is shared by many. */
const MAX_SPANS_A_BATCH = 2048

/**
 * Traces sent in batches by the OpenTelemetry SDK, by OTLP over HTTP (protobuf). Headers for the collector come from
 * `OTEL_EXPORTER_OTLP_HEADERS`. Loaded only where there is a collector.
 */
export function createOtlpTracing(options: TracingOptions, host: RuntimeHost, log: Logger): Tracing {
  reportTo(log)
  const exporter = new OTLPTraceExporter({ url: options.url, timeoutMillis: EXPORT_TIMEOUT_MS })
  const processor = new BatchSpanProcessor({
    exporter,
    maxQueueSize: MAX_SPANS_WAITING,
    maxExportBatchSize: MAX_SPANS_A_BATCH,
  })
  const source = {
    resource: resourceFromAttributes({
      'service.name': 'barbacane',
      'service.version': options.version,
      'service.instance.id': options.nodeName,
    }),
    instrumentationScope: { name: 'barbacane', version: options.version },
    epochMs: host.nowMs() - host.monotonicMs(),
  }
  const ids = new RandomIdGenerator()
  const sampler = new TraceIdRatioBasedSampler(options.sampling)
  const isSampled = (traceId: string) =>
    sampler.shouldSample(ROOT_CONTEXT, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED
  const tools = {
    spanId: () => ids.generateSpanId(),
    addressOf: createServerAddresses(),
    emit: (facts: SpanFacts) => processor.onEnd(new FinishedSpan(facts, source)),
  }
  return {
    begin: (request, startMs) => {
      const { headers } = request
      const parent = parentOf(headers)
      const traceId = parent?.traceId ?? ids.generateTraceId()
      // Who has begun the trace decides (W3C Trace Context §3.2.2.5.1).
      const isRecorded =
        parent === undefined ? isSampled(traceId) : (parent.traceFlags & TraceFlags.SAMPLED) !== 0
      const context: SpanContext = {
        traceId,
        spanId: ids.generateSpanId(),
        traceFlags: isRecorded ? TraceFlags.SAMPLED : TraceFlags.NONE,
        ...(parent?.traceState === undefined ? {} : { traceState: parent.traceState }),
      }
      announce(headers, context)
      return isRecorded
        ? new RecordedTrace(request, startMs, { context, parent }, tools)
        : new UnrecordedTrace(traceId)
    },
    close: async () => {
      try {
        await processor.shutdown()
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
