import { canonicalJson, type JsonObject } from '../../../domain/index.ts'
import { Fields, type BodySink } from '../../http/index.ts'
import type { Exchange, Handler } from '../../pipeline/index.ts'
import { innerExchange } from '../inner-exchange.ts'
import type { BuiltMiddleware, MiddlewareContext } from '../middleware.ts'

interface RetryRules {
  readonly maxAttempts: number
  readonly statuses: ReadonlySet<number>
  readonly backoffMs: number
}

/** Asks a service again that did not answer, as long as there is a budget for it. */
export function createRetry(config: JsonObject, { host, state }: MiddlewareContext): BuiltMiddleware {
  const rules: RetryRules = {
    maxAttempts: config['max_attempts'] as number,
    statuses: new Set(config['statuses'] as readonly number[]),
    backoffMs: config['backoff_ms'] as number,
  }
  const methods = new Set(config['methods'] as readonly string[])
  const budget = state.budgets.of((config['name'] as string | undefined) ?? canonicalJson(config))
  const limits = { ratio: config['budget_ratio'] as number, minimum: config['budget_minimum'] as number }
  const mayRetry = () => budget.take(limits, host.monotonicMs())
  return {
    handle: (next) => (exchange) => {
      const { method, hasBody } = exchange.request
      budget.count(host.monotonicMs())
      // A body that is streamed is gone after the first attempt.
      if (!methods.has(method) || (hasBody && exchange.body === null)) return next(exchange)
      attempt(exchange, next, { rules, mayRetry, number: 1 })
    },
  }
}

interface Attempt {
  readonly rules: RetryRules
  readonly mayRetry: () => boolean
  readonly number: number
}

function attempt(outer: Exchange, next: Handler, { rules, mayRetry, number }: Attempt): void {
  let again = false
  const isLast = number >= rules.maxAttempts
  const onHead = (status: number, headers: Fields): BodySink | null => {
    again = !isLast && rules.statuses.has(status) && mayRetry()
    return again ? null : outer.stream(status, headers)
  }
  const onEnd = () => {
    if (!again) return
    const retry = () => outer.attempt(() => attempt(outer, next, { rules, mayRetry, number: number + 1 }))
    // Twice the pause after every attempt.
    const timer = setTimeout(retry, rules.backoffMs * 2 ** (number - 1))
    outer.onClose(() => clearTimeout(timer))
  }
  const headers = Fields.received(outer.request.headers.pairs())
  const inner = innerExchange(outer, headers, { onHead, onEnd })
  outer.onClose((complete) => {
    if (!complete) inner.abort()
  })
  inner.exchange.attempt(() => next(inner.exchange))
}
