import { qualifiedFunction } from '../check/index.ts'
import { compilePattern, findFunction, NO_REST, type Apply } from '../functions/index.ts'
import type { Call, Node } from '../syntax/index.ts'
import { equals, Failure, kindOf, type Result, type Value } from '../values/index.ts'
import { failAt } from './fail-at.ts'
import type { Evaluate } from './frame.ts'
import type { PlanContext } from './plan-context.ts'

/** Operators, functions and methods; what can be decided now, such as a constant pattern, is. */
export function planCall(node: Call, context: PlanContext): Evaluate {
  const qualified = qualifiedFunction(node)
  const nodes =
    qualified === undefined && node.target !== undefined ? [node.target, ...node.operands] : node.operands
  const operands = nodes.map((operand) => context.plan(operand, context))
  const special = planSpecial(node, nodes, operands)
  if (special !== undefined) return special
  const style = node.target === undefined ? 'function' : 'method'
  const definition = qualified ?? findFunction(style, node.name, nodes.length)
  if (definition === undefined) return () => failAt(node.at, `there is no function ${node.name}`)
  return planApplication(node, definition.apply, operands)
}

function planApplication(node: Call, apply: Apply, operands: readonly Evaluate[]): Evaluate {
  const finish = finisher(node)
  const [first, second, ...rest] = operands
  if (first === undefined) return (frame) => finish(apply(frame, null, null, NO_REST), [])
  if (second === undefined) {
    return (frame) => {
      const a = first(frame)
      return a instanceof Failure ? a : finish(apply(frame, a, null, NO_REST), [a])
    }
  }
  if (rest.length === 0) {
    return (frame) => {
      const a = first(frame)
      if (a instanceof Failure) return a
      const b = second(frame)
      if (b instanceof Failure) return b
      const result = apply(frame, a, b, NO_REST)
      return typeof result === 'boolean' ? result : finish(result, [a, b])
    }
  }
  return (frame) => {
    const values: Value[] = []
    for (const operand of operands) {
      const value = operand(frame)
      if (value instanceof Failure) return value
      values.push(value)
    }
    const [a = null, b = null, ...others] = values
    return finish(apply(frame, a, b, others), values)
  }
}

function finisher({ name, at }: Call): (result: Result | undefined, operands: readonly Value[]) => Result {
  return (result, operands) => {
    if (result === undefined) return failAt(at, `${name} does not take (${operands.map(kindOf).join(', ')})`)
    if (result instanceof Failure && result.at === -1) result.at = at
    return result
  }
}

/** Calls that are worth a closure of their own: comparisons with a constant text, and constant patterns. */
function planSpecial(
  { name, at }: Call,
  nodes: readonly Node[],
  operands: readonly Evaluate[],
): Evaluate | undefined {
  const last = nodes.at(-1)
  const [first] = operands
  if (
    first === undefined ||
    operands.length !== 2 ||
    last?.kind !== 'literal' ||
    typeof last.value !== 'string'
  ) {
    return undefined
  }
  const text = last.value
  if (name === 'matches') return planPattern(first, text, at)
  if (name !== '_==_' && name !== '_!=_') return undefined
  const whenEqual = name === '_==_'
  return (frame) => {
    const value = first(frame)
    if (value instanceof Failure) return value
    const isEqual = typeof value === 'string' ? value === text : equals(value, text, frame)
    return isEqual === whenEqual
  }
}

function planPattern(operand: Evaluate, source: string, at: number): Evaluate {
  const pattern = compilePattern(source)
  if (pattern instanceof Failure) return () => failAt(at, pattern.message)
  return (frame) => {
    const value = operand(frame)
    if (value instanceof Failure) return value
    if (typeof value !== 'string')
      return failAt(at, `matches() is a method of texts, not of a ${kindOf(value)}`)
    return pattern.test(frame, value)
  }
}
