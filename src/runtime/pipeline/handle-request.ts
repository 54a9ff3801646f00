import type { RawHeaders } from '../http/index.ts'
import type { Match, Router } from '../router/index.ts'
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

/**
 * The stages of a request: route → preflight → access → validate → content → dispatch. The listener has applied its limits
 * before.
 */
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
  if (!path.startsWith('/_') && !path.includes('%')) return false
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
    if (method === 'OPTIONS') {
      const preflight = preflightOf(exchange, endpoint.methods)
      if (preflight === undefined) return answerOptions(exchange, allow, unrouted)
      preflight(exchange)
      return unrouted
    }
    exchange.problem('method-not-allowed', undefined, allow)
    return unrouted
  }
  exchange.captures = captures
  exchange.routeLines = route.lines
  exchange.template = route.path
  // Who sent a request is for middlewares to say, never for the client.
  exchange.request.headers.removePrefixed('x-auth-')
  route.enter(exchange)
  return { route, template: route.path }
}

/** Who answers a preflight request (WHATWG Fetch §3.2.2) for the operation that it asks about. */
function preflightOf(
  { request: { headers } }: Exchange,
  methods: ReadonlyMap<string, PreparedRoute>,
): Handler | undefined {
  const asked = headers.get('access-control-request-method')
  if (asked === undefined || !headers.has('origin')) return undefined
  return (methods.get(asked) ?? (asked === 'HEAD' ? methods.get('GET') : undefined))?.preflight
}

function answerOptions(exchange: Exchange, headers: RawHeaders, routed: Routed): Routed {
  exchange.send(204, headers, null)
  return routed
}
