import type { OperationMetrics } from '../telemetry/index.ts'
import type { CheckedBody, RequestFault, RequestValidator } from '../validate/index.ts'
import type { Exchange } from './exchange.ts'
import type { Handler } from './handler.ts'

/** What a request has to pass to get to the handler of its route. */
export interface Admission {
  readonly validator: RequestValidator
  readonly handle: Handler
  readonly metrics: OperationMetrics
}

const MAX_REPORTED = 50

/** Validates a request (its body too, once it is there) and hands it on; answers by itself where there are faults. */
export function admit(exchange: Exchange, route: Admission): void {
  const { request } = exchange
  if (!request.hasBody) return validate(exchange, route, null)
  if (request.contentLength > exchange.maxBodyBytes) return exchange.refuseBody()
  const check = route.validator.bodyCheck(request)
  if (check === null) return validate(exchange, route, 'unread')
  if (typeof check === 'string') return exchange.problem('unsupported-media-type', { detail: `${check}.` })
  exchange.readBody((bytes) => validate(exchange, route, { bytes, check }))
}

function validate(exchange: Exchange, route: Admission, body: CheckedBody): void {
  const faults = route.validator.check(exchange.request, exchange.captures, body)
  if (faults.length === 0) return route.handle(exchange)
  for (const fault of faults) route.metrics.validationFailed(fault.in)
  exchange.problem('validation-failed', validationMembers(faults))
}

function validationMembers(faults: readonly RequestFault[]) {
  const detail = faults.length === 1 ? '1 fault in the request.' : `${faults.length} faults in the request.`
  return { detail, errors: faults.slice(0, MAX_REPORTED) }
}
