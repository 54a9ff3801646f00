import { isObject, type JsonObject } from '../../../domain/index.ts'
import { planPredicate, PredicateError, requestAttributes, type Predicate } from '../../../predicate/index.ts'
import type { Exchange, Handler } from '../../pipeline/index.ts'
import { clientAddressReader } from '../client-address.ts'
import type { BuiltMiddleware, MiddlewareContext } from '../middleware.ts'
import { refusalOf } from '../refusal.ts'
import { requestAccessors, type RequestSubject } from './request-attributes.ts'

/** Lets requests through, refuses or marks them by an expression of CEL. */
export function createCel(
  config: JsonObject,
  { captureNames, host, log }: MiddlewareContext,
): BuiltMiddleware {
  const expression = config['expression'] as string
  const predicate = plan(expression)
  const readsBody = /\brequest\s*\.\s*body\b/.test(expression)
  const addressOf = clientAddressReader([])
  const refuse = refusalOf('forbidden', { detail: config['deny_message'] as string })
  const decide = decisionOf(config, refuse)
  const judge = (exchange: Exchange, next: Handler) => {
    const subject = { exchange, clientAddress: addressOf(exchange), captureNames, nowMs: host.nowMs() }
    const decision = predicate(subject)
    if ('value' in decision) return decide(decision.value, exchange, next)
    const { message, line, column } = decision.error
    const place = line === undefined || column === undefined ? {} : { line, column }
    const fields = { expression, reason: message, ...place, request_id: exchange.requestId }
    log.log('warn', 'an expression has no value, so the request is refused', fields)
    refuse(exchange)
  }
  return {
    handle: (next) => (exchange) => {
      if (!readsBody) return judge(exchange, next)
      exchange.readBody(() => judge(exchange, next))
    },
  }
}

function plan(expression: string): Predicate<RequestSubject> {
  try {
    return planPredicate<typeof requestAttributes, RequestSubject>(expression, {
      declarations: requestAttributes,
      accessors: requestAccessors,
    })
  } catch (error) {
    if (!(error instanceof PredicateError)) throw error
    throw new RangeError(`/expression: ${error.message}`, { cause: error })
  }
}

/** What is done about a value: without `on_match` it has to be true, with it those that are true are treated. */
function decisionOf(config: JsonObject, refuse: Handler) {
  const onMatch = config['on_match']
  if (!isObject(onMatch)) {
    return (value: boolean, exchange: Exchange, next: Handler) => (value ? next(exchange) : refuse(exchange))
  }
  const deny = isObject(onMatch['deny']) ? onMatch['deny'] : undefined
  const marks = Object.entries((onMatch['set_context'] ?? {}) as Readonly<Record<string, string>>)
  const denial =
    deny &&
    refusalOf('forbidden', {
      detail: (deny['message'] ?? config['deny_message']) as string,
      status: deny['status'] as number,
      code: deny['code'] as string,
    })
  return (value: boolean, exchange: Exchange, next: Handler) => {
    if (!value) return next(exchange)
    if (denial !== undefined) return denial(exchange)
    for (const [key, text] of marks) exchange.context.set(key, text)
    next(exchange)
  }
}
