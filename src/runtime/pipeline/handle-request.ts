import type { RawHeaders } from '../http/index.ts'
import type { Match, Router } from '../router/index.ts'
import type { CheckedBody, RequestFault } from '../validate/index.ts'
import type { Exchange } from './exchange.ts'
import type { Handler } from './handler.ts'
import type { PreparedRoute } from './prepared-route.ts'

export interface PipelineOptions {
  readonly router: Router<PreparedRoute>
  /** Answers requests below `/__barbacane`. */
  readonly reserved: Handler
}

/** What the pipeline says of a request for the metrics: its route, or the template that has no such method. */
export interface Routed {
  readonly route: PreparedRoute | null
  readonly template: string
}

const UNMATCHED: Routed = { route: null, template: 'unmatched' }
const RESERVED: Routed = { route: null, template: '/__barbacane' }
const MAX_REPORTED = 50

/** The stages of a request: route → validate → dispatch. The listener has applied its limits before. */
export function createPipeline(options: PipelineOptions): (exchange: Exchange) => Routed {
  return (exchange) => {
    const { request } = exchange
    if (request.path === '*') return answerOptions(exchange, [], UNMATCHED)
    const match = options.router(request.path)
    if (match === 'malformed') {
      exchange.problem('bad-request', { detail: 'The path has a malformed escape or a dot segment.' })
      return UNMATCHED
    }
    if (isReserved(request.path)) {
      options.reserved(exchange)
      return RESERVED
    }
    if (match === null) {
      exchange.problem('not-found')
      return UNMATCHED
    }
    return select(exchange, match)
  }
}

/** Also in its percent-encoded spellings, so that no greedy route ever takes it. */
function isReserved(path: string): boolean {
  const end = path.indexOf('/', 1)
  const first = end === -1 ? path.slice(1) : path.slice(1, end)
  return first === '__barbacane' || (first.includes('%') && decodeURIComponent(first) === '__barbacane')
}

function select(exchange: Exchange, { endpoint, captures }: Match<PreparedRoute>): Routed {
  const { method } = exchange.request
  const route = endpoint.methods.get(method) ?? (method === 'HEAD' ? endpoint.methods.get('GET') : undefined)
  if (route === undefined) {
    const unrouted = { route: null, template: endpoint.template }
    const allow = ['allow', endpoint.allow]
    if (method === 'OPTIONS') return answerOptions(exchange, allow, unrouted)
    exchange.problem('method-not-allowed', undefined, allow)
    return unrouted
  }
  exchange.captures = captures
  exchange.routeLines = route.lines
  admit(exchange, route)
  return { route, template: route.path }
}

function answerOptions(exchange: Exchange, headers: RawHeaders, routed: Routed): Routed {
  exchange.send(204, headers, null)
  return routed
}

function admit(exchange: Exchange, route: PreparedRoute): void {
  const { request } = exchange
  if (!request.hasBody) return validate(exchange, route, null)
  if (request.contentLength > exchange.maxBodyBytes) return exchange.refuseBody()
  const check = route.validator.bodyCheck(request)
  if (check === null) return validate(exchange, route, 'unread')
  if (typeof check === 'string') return exchange.problem('unsupported-media-type', { detail: `${check}.` })
  exchange.readBody((bytes) => validate(exchange, route, { bytes, check }))
}

function validate(exchange: Exchange, route: PreparedRoute, body: CheckedBody): void {
  const faults = route.validator.check(exchange.request, exchange.captures, body)
  if (faults.length === 0) return route.handle(exchange)
  for (const fault of faults) route.metrics.validationFailed(fault.in)
  exchange.problem('validation-failed', validationMembers(faults))
}

function validationMembers(faults: readonly RequestFault[]) {
  const detail = faults.length === 1 ? '1 fault in the request.' : `${faults.length} faults in the request.`
  return { detail, errors: faults.slice(0, MAX_REPORTED) }
}
