import { checkExpression, type Fault } from './check/index.ts'
import type { PredicateIssue } from './issue.ts'
import { lineColumn, parseExpression, PredicateSyntaxError, type Node } from './syntax/index.ts'
import { formatType, isAssignable, type Declarations } from './types/index.ts'

/** A predicate that can be planned, or what is wrong with it. */
export type CheckedPredicate =
  | { readonly ok: true; readonly expression: Node }
  | { readonly ok: false; readonly issues: readonly PredicateIssue[] }

/**
 * Checks an expression of the Common Expression Language that has to give a bool: its syntax, its names and, where they
 * are known, its types. Nothing is evaluated.
 */
export function checkPredicate(source: string, declarations: Declarations): CheckedPredicate {
  const faults: Fault[] = []
  const expression = parse(source, faults)
  if (expression !== undefined) {
    const type = checkExpression(expression, {
      declarations,
      scope: [],
      report: (fault) => faults.push(fault),
    })
    if (!isAssignable(type, 'bool')) {
      const message = `the expression gives a ${formatType(type)}, not a bool`
      faults.push({ at: expression.at, message, hint: 'Compare it with something.' })
    }
  }
  if (expression !== undefined && faults.length === 0) return { ok: true, expression }
  const issues = faults.map(({ at, message, hint }) => ({
    message,
    hint,
    offset: at,
    ...lineColumn(source, at),
  }))
  return { ok: false, issues }
}

function parse(source: string, faults: Fault[]): Node | undefined {
  try {
    return parseExpression(source)
  } catch (error) {
    if (!(error instanceof PredicateSyntaxError)) throw error
    faults.push({ at: error.at, message: error.message, hint: error.hint })
    return undefined
  }
}
