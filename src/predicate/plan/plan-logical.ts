import type { Node } from '../syntax/index.ts'
import { Failure, kindOf, type Result } from '../values/index.ts'
import { failAt } from './fail-at.ts'
import type { Evaluate } from './frame.ts'

/**
 * `&&` and `||` (langdef, "Logical Operators"): one deciding term decides, whatever the others are; only without one do
 * terms that fail or are no bool make the whole fail, the first of them.
 */
export function planLogical({ kind, at }: Pick<Node, 'kind' | 'at'>, terms: readonly Evaluate[]): Evaluate {
  const deciding = kind === 'or'
  const [first, second] = terms
  if (terms.length === 2 && first !== undefined && second !== undefined) {
    return (frame) => {
      const left = first(frame)
      if (left === deciding) return deciding
      const right = second(frame)
      if (right === deciding) return deciding
      if (left !== !deciding) return faultOf(left, at)
      return right === !deciding ? !deciding : faultOf(right, at)
    }
  }
  return (frame) => {
    let fault: Failure | undefined
    for (const term of terms) {
      const value = term(frame)
      if (value === deciding) return deciding
      if (value !== !deciding) fault ??= faultOf(value, at)
    }
    return fault ?? !deciding
  }
}

/** The failure that a value is in the place of a bool. */
export function faultOf(value: Result, at: number): Failure {
  return value instanceof Failure ? value : failAt(at, `expected a bool, found a ${kindOf(value)}`)
}
