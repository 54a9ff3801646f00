import type { JsonObject } from '../../../domain/index.ts'
import { isIdempotent, type UpstreamFault } from '../../http/index.ts'
import { RetryBudget } from '../../limits/index.ts'

/** Why an attempt is not the answer: a status, or no answer at all. */
export type AttemptOutcome = number | UpstreamFault

/** Whether another attempt is made. */
export interface RetryPolicy {
  /** Counts a request, of which the budget is a share. */
  readonly count: (nowMs: number) => void
  /** True, and taken from the budget, where the outcome of the attempt with this number is not the last. */
  readonly allows: (attempt: number, method: string, outcome: AttemptOutcome, nowMs: number) => boolean
}

/** Makes the policy of `retries`, defaults filled in; without it nothing is asked twice. */
export function createRetryPolicy(config: JsonObject | undefined): RetryPolicy | undefined {
  if (config === undefined) return undefined
  const maxAttempts = config['max_attempts'] as number
  const statuses = new Set(config['statuses'] as readonly number[])
  const onTimeout = config['on_timeout'] as boolean
  const limits = { ratio: config['budget_ratio'] as number, minimum: config['budget_minimum'] as number }
  const budget = new RetryBudget()
  const isRetryable = (outcome: AttemptOutcome) =>
    typeof outcome === 'number' ? statuses.has(outcome) : outcome !== 'timeout' || onTimeout
  return {
    count: (nowMs) => budget.count(nowMs),
    allows: (attempt, method, outcome, nowMs) =>
      attempt < maxAttempts && isIdempotent(method) && isRetryable(outcome) && budget.take(limits, nowMs),
  }
}
