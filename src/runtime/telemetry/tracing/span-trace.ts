import {
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type HrTime,
  type Span,
  type Tracer,
} from '@opentelemetry/api'

import type { RequestTrace, TraceEnd, UpstreamTrace } from './trace.ts'

interface SpanTools {
  readonly tracer: Tracer
  readonly timeOf: (monotonicMs: number) => HrTime
  /** Writes the headers that name a span to services. */
  readonly inject: (context: Context) => void
  readonly method: string
}

/** The spans of one request: its own, one for each stage, one for each request to a service. */
export class SpanTrace implements RequestTrace {
  readonly traceId: string
  readonly #span: Span
  readonly #context: Context
  readonly #tools: SpanTools

  constructor(span: Span, context: Context, tools: SpanTools) {
    this.traceId = span.spanContext().traceId
    this.#span = span
    this.#context = context
    this.#tools = tools
  }

  stage(name: string, startMs: number, endMs: number): void {
    const { tracer, timeOf } = this.#tools
    if (!this.#span.isRecording()) return
    tracer
      .startSpan(name, { kind: SpanKind.INTERNAL, startTime: timeOf(startMs) }, this.#context)
      .end(timeOf(endMs))
  }

  beginUpstream(origin: string, startMs: number): UpstreamTrace {
    const { tracer, timeOf, inject, method } = this.#tools
    const { hostname, port, protocol } = new URL(origin)
    const span = tracer.startSpan(
      method,
      {
        kind: SpanKind.CLIENT,
        startTime: timeOf(startMs),
        attributes: {
          'http.request.method': method,
          'server.address': hostname,
          'server.port': port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
          'url.scheme': protocol.slice(0, -1),
        },
      },
      this.#context,
    )
    inject(trace.setSpan(this.#context, span))
    return {
      end: (outcome, endMs) => {
        if (typeof outcome === 'number') span.setAttribute('http.response.status_code', outcome)
        else span.setAttribute('error.type', outcome)
        if (typeof outcome === 'string' || outcome >= 400) span.setStatus({ code: SpanStatusCode.ERROR })
        span.end(timeOf(endMs))
      },
    }
  }

  end({ status, route, clientAddress, endMs }: TraceEnd): void {
    const span = this.#span
    span.updateName(`${this.#tools.method} ${route}`)
    span.setAttributes({
      'http.route': route,
      'http.response.status_code': status,
      'client.address': clientAddress,
    })
    // A client's fault is none of the server (OpenTelemetry, semantic conventions for HTTP spans).
    if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end(this.#tools.timeOf(endMs))
  }
}
