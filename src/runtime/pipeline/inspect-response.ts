import type { JsonSchema, Route } from '../../domain/index.ts'
import type { Logger, OperationMetrics } from '../telemetry/index.ts'
import { createResponseValidator, type ResponseFault, type Validators } from '../validate/index.ts'
import type { Exchange } from './exchange.ts'
import type { Handler } from './handler.ts'
import { CopyingSink, discard, HoldingSink } from './inspection-sinks.ts'
import type { Refusal, ResponseInspector } from './response-inspector.ts'
import type { GatewayResponse } from './response-phase.ts'

export interface InspectedRoute extends Pick<Route, 'response_validation' | 'method' | 'path'> {
  readonly plan: { readonly schemas: readonly JsonSchema[]; readonly validators: Validators }
  readonly metrics: OperationMetrics
  readonly log: Logger
  /** A body of more bytes is not checked. */
  readonly maxBodyBytes: number
  /** True where the client may see what is wrong. */
  readonly dev: boolean
}

const MAX_REPORTED = 50

/**
 * Puts the check of answers around a dispatcher, where a route has one. What the gateway and its middlewares answer by
 * themselves is not the service's, and is not checked.
 */
export function inspectResponses(dispatcher: Handler, route: InspectedRoute): Handler {
  const { response_validation: rule } = route
  if (rule === undefined) return dispatcher
  const inspectorOf = createInspectors(rule, route)
  const isChosen = sampler(rule.sample)
  return (exchange) => {
    if (isChosen()) exchange.inspect(inspectorOf(exchange))
    dispatcher(exchange)
  }
}

function createInspectors(
  { mode, responses }: NonNullable<Route['response_validation']>,
  { plan, metrics, log, method, path, maxBodyBytes, dev }: InspectedRoute,
): (exchange: Exchange) => ResponseInspector {
  const validator = createResponseValidator(responses, plan, maxBodyBytes)
  const isEnforced = mode === 'enforce'
  return ({ request, requestId }) => {
    const conclude = (status: number, faults: readonly ResponseFault[], isWhole: boolean) => {
      metrics.responseChecked(faults.length > 0 ? 'invalid' : isWhole ? 'valid' : 'unchecked')
      if (faults.length === 0) return undefined
      const errors = faults.slice(0, MAX_REPORTED)
      const where = { request_id: requestId, method, route: path, status, mode }
      log.log('warn', 'a response does not fit its description', { ...where, faults: faults.length, errors })
      if (!isEnforced) return undefined
      return dev ? { errors } : {}
    }
    /** Judges the head, and gives the judge of the body where that has to be seen. */
    const begin = ({ status, headers }: GatewayResponse): Judge | Refusal | undefined => {
      const head = validator.head(status, headers, request.method !== 'HEAD')
      const { faults, body: check } = head
      if (check === null || check === 'unreadable') return conclude(status, faults, check === null)
      return (body) => {
        const ofBody = body === null ? null : check(body)
        return conclude(status, [...faults, ...(ofBody ?? [])], ofBody !== null)
      }
    }
    return {
      judge: (response) => {
        const begun = begin(response)
        if (typeof begun !== 'function') return begun
        const body = response.body ?? EMPTY
        return begun(body.byteLength > maxBodyBytes ? null : body)
      },
      follow: (response, exit) => {
        const begun = begin(response)
        if (typeof begun === 'function') {
          const inspection = { ...exit, judge: begun, maxBodyBytes }
          return isEnforced ? new HoldingSink(inspection) : new CopyingSink(inspection)
        }
        if (begun === undefined) return exit.open()
        exit.refuse(begun)
        return discard
      },
    }
  }
}

/** Null stands for a body that was not seen whole. */
type Judge = (body: Buffer | null) => Refusal | undefined

const EMPTY = Buffer.alloc(0)

/** Chooses a share of all calls, evenly spread: by 0.1 one of every ten. */
function sampler(share: number): () => boolean {
  let owed = 1 - share
  return () => {
    owed += share
    if (owed < 1) return false
    owed -= 1
    return true
  }
}
