import {
  SpanKind,
  SpanStatusCode,
  type Attributes,
  type SpanContext,
  type SpanStatus,
} from '@opentelemetry/api'

import type { GatewayRequest } from '../../http/index.ts'
import type { SpanFacts } from './finished-span.ts'
import { announce } from './trace-context.ts'
import type { RequestTrace, TraceEnd, UpstreamTrace } from './trace.ts'

/** What the traces of a gateway need. */
export interface SpanTools {
  readonly spanId: () => string
  readonly addressOf: (origin: string) => Attributes
  readonly emit: (span: SpanFacts) => void
}

const NO_ATTRIBUTES: Attributes = {}
const UNSET: SpanStatus = { code: SpanStatusCode.UNSET }
const ERROR: SpanStatus = { code: SpanStatusCode.ERROR }

/** The spans of one request: its own, one for each stage, one for each request to a service. Each is made when it is over. */
export class RecordedTrace implements RequestTrace {
  readonly traceId: string
  readonly #request: GatewayRequest
  readonly #startMs: number
  readonly #context: SpanContext
  readonly #parent: SpanContext | undefined
  readonly #tools: SpanTools

  constructor(
    request: GatewayRequest,
    startMs: number,
    { context, parent }: { readonly context: SpanContext; readonly parent: SpanContext | undefined },
    tools: SpanTools,
  ) {
    this.traceId = context.traceId
    this.#request = request
    this.#startMs = startMs
    this.#context = context
    this.#parent = parent
    this.#tools = tools
  }

  stage(name: string, startMs: number, endMs: number): void {
    this.#tools.emit({
      name,
      kind: SpanKind.INTERNAL,
      context: this.#childContext(),
      parent: this.#context,
      startMs,
      endMs,
      attributes: NO_ATTRIBUTES,
      status: UNSET,
    })
  }

  beginUpstream(origin: string, startMs: number): UpstreamTrace {
    const { emit, addressOf } = this.#tools
    const { method, headers } = this.#request
    const context = this.#childContext()
    announce(headers, context)
    return {
      end: (outcome, endMs) =>
        emit({
          name: method,
          kind: SpanKind.CLIENT,
          context,
          parent: this.#context,
          startMs,
          endMs,
          attributes: {
            'http.request.method': method,
            ...addressOf(origin),
            [typeof outcome === 'number' ? 'http.response.status_code' : 'error.type']: outcome,
          },
          status: typeof outcome === 'string' || outcome >= 400 ? ERROR : UNSET,
        }),
    }
  }

  end({ status, route, clientAddress, endMs }: TraceEnd): void {
    const { method, path } = this.#request
    this.#tools.emit({
      name: `${method} ${route}`,
      kind: SpanKind.SERVER,
      context: this.#context,
      parent: this.#parent,
      startMs: this.#startMs,
      endMs,
      attributes: {
        'http.request.method': method,
        'url.path': path,
        'http.route': route,
        'http.response.status_code': status,
        'client.address': clientAddress,
      },
      // A client's fault is none of the server (OpenTelemetry, semantic conventions for HTTP spans).
      status: status >= 500 ? ERROR : UNSET,
    })
  }

  #childContext(): SpanContext {
    const { traceId, traceFlags, traceState } = this.#context
    const context = { traceId, spanId: this.#tools.spanId(), traceFlags }
    return traceState === undefined ? context : { ...context, traceState }
  }
}
