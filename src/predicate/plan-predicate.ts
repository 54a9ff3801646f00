import { checkPredicate } from './check-predicate.ts'
import { PredicateError } from './issue.ts'
import { Frame, planNode, slotCount, staticCost } from './plan/index.ts'
import { lineColumn } from './syntax/index.ts'
import type { Accessors, Declarations } from './types/index.ts'
import { EvaluationStopped, Failure, kindOf, type Result, type Value } from './values/index.ts'

/** What a predicate says of its subject. Whoever asks treats `error` as a refusal. */
export type Decision = { readonly value: boolean } | { readonly error: PredicateFault }

/** Why there is no answer. The message names types and attributes, never values. */
export interface PredicateFault {
  readonly message: string
  /** In the expression, from 1; undefined where the whole evaluation was stopped. */
  readonly line?: number
  readonly column?: number
}

export type Predicate<Subject> = (subject: Subject) => Decision

export interface PlanOptions<D extends Declarations, Subject> {
  readonly declarations: D
  readonly accessors: Accessors<D, Subject>
  /** What one evaluation may cost (docs/reference/predicates.md); beyond it there is an error. */
  readonly costLimit?: number
}

/** Stops an evaluation after a few milliseconds. */
const DEFAULT_COST_LIMIT = 100_000

const TRUE: Decision = { value: true }
const FALSE: Decision = { value: false }

/**
 * Plans a predicate for many evaluations. Each reads what it needs of its subject through the accessors, is bound by
 * the cost limit, and throws nothing.
 *
 * @throws {PredicateError} with all that {@link checkPredicate} finds, or when the text alone exceeds the limit.
 */
export function planPredicate<D extends Declarations, Subject>(
  source: string,
  { declarations, accessors, costLimit = DEFAULT_COST_LIMIT }: PlanOptions<D, Subject>,
): Predicate<Subject> {
  const checked = checkPredicate(source, declarations)
  if (!checked.ok) throw new PredicateError(checked.issues)
  const { expression } = checked
  const budget = costLimit - staticCost(expression)
  if (budget < 0) {
    const message = `the expression exceeds the cost limit of ${costLimit} whatever the data`
    throw new PredicateError([
      { message, hint: 'Write a shorter expression.', offset: 0, line: 1, column: 1 },
    ])
  }
  const reads = accessors as Readonly<Record<string, (subject: unknown) => Value | undefined>>
  const evaluate = planNode(expression, { declarations, accessors: reads, scope: [], plan: planNode })
  const slots = slotCount(expression)
  return (subject) => {
    let result: Result
    try {
      result = evaluate(new Frame(subject, budget, slots))
    } catch (error) {
      if (!(error instanceof EvaluationStopped)) throw error
      return { error: { message: error.message } }
    }
    if (typeof result === 'boolean') return result ? TRUE : FALSE
    return { error: describe(result, source) }
  }
}

function describe(result: Exclude<Result, boolean>, source: string): PredicateFault {
  if (!(result instanceof Failure)) {
    return { message: `the expression gave a ${kindOf(result)}, not a bool`, line: 1, column: 1 }
  }
  return { message: result.message, ...lineColumn(source, Math.max(0, result.at)) }
}
