import type { GatewayRequest } from '../../http/index.ts'

/** How a request ended, for its span. */
export interface TraceEnd {
  readonly status: number
  /** The template of the route. */
  readonly route: string
  readonly clientAddress: string
  readonly endMs: number
}

/** The trace of one request. Times are of the monotonic clock. */
export interface RequestTrace {
  readonly traceId: string
  /** A stage of the request is over. */
  readonly stage: (name: string, startMs: number, endMs: number) => void
  /**
   * A request to a service begins; the headers of the request say so to the service. Undefined where nothing is recorded:
   * then the headers are what they were.
   */
  readonly beginUpstream: (origin: string, startMs: number) => UpstreamTrace | undefined
  readonly end: (end: TraceEnd) => void
}

/** The trace of one request to a service. */
export interface UpstreamTrace {
  /** With the status of the answer, or with what went wrong. */
  readonly end: (outcome: number | string, endMs: number) => void
}

/** What follows requests through the gateway and tells a collector of it. */
export interface Tracing {
  /**
   * Begins the trace of a request, or goes on with the one that its headers name (W3C Trace Context), and changes its
   * headers so that services go on with this one.
   */
  readonly begin: (request: GatewayRequest, startMs: number) => RequestTrace
  /** Sends what is waiting. */
  readonly close: () => Promise<void>
}
