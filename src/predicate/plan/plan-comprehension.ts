import type { Comprehension, Macro } from '../syntax/index.ts'
import { Failure, isList, isMap, kindOf, mapKeys, type Value } from '../values/index.ts'
import { failAt } from './fail-at.ts'
import type { Evaluate, Frame } from './frame.ts'
import { faultOf } from './plan-logical.ts'
import type { PlanContext } from './plan-context.ts'
import { staticCost } from './static-cost.ts'

interface Loop {
  readonly elements: (frame: Frame) => Iterable<Value> | Failure
  readonly slot: number
  /** What an iteration costs before anything that depends on data. */
  readonly costPerElement: number
  readonly filter: Evaluate | undefined
  readonly body: Evaluate
  readonly at: number
}

export function planComprehension(node: Comprehension, context: PlanContext): Evaluate {
  const { macro, variable, range, filter, body, at } = node
  const within = { ...context, scope: [...context.scope, variable] }
  const loop: Loop = {
    elements: elementsOf(context.plan(range, context), range.at),
    slot: context.scope.length,
    costPerElement: 1 + staticCost(body) + (filter === undefined ? 0 : staticCost(filter)),
    filter: filter === undefined ? undefined : context.plan(filter, within),
    body: context.plan(body, within),
    at,
  }
  return LOOPS[macro](loop)
}

function elementsOf(range: Evaluate, at: number): Loop['elements'] {
  return (frame) => {
    const value = range(frame)
    if (value instanceof Failure || isList(value)) return value
    return isMap(value) ? mapKeys(value) : failAt(at, `a ${kindOf(value)} has no elements`)
  }
}

const LOOPS: Readonly<Record<Macro, (loop: Loop) => Evaluate>> = {
  all: (loop) => quantifier(loop, false),
  exists: (loop) => quantifier(loop, true),
  exists_one: planExistsOne,
  map: planMapping,
  filter: planFilter,
}

/** `all` and `exists` absorb failures as `&&` and `||` do. */
function quantifier(loop: Loop, deciding: boolean): Evaluate {
  const { elements, slot, costPerElement, body, at } = loop
  return (frame) => {
    const range = elements(frame)
    if (range instanceof Failure) return range
    let fault: Failure | undefined
    for (const element of range) {
      frame.spend(costPerElement)
      frame.slots[slot] = element
      const value = body(frame)
      if (value === deciding) return deciding
      if (value !== !deciding) fault ??= faultOf(value, at)
    }
    return fault ?? !deciding
  }
}

function planExistsOne({ elements, slot, costPerElement, body, at }: Loop): Evaluate {
  return (frame) => {
    const range = elements(frame)
    if (range instanceof Failure) return range
    let found = 0
    for (const element of range) {
      frame.spend(costPerElement)
      frame.slots[slot] = element
      const value = body(frame)
      if (typeof value !== 'boolean') return faultOf(value, at)
      if (value) found += 1
    }
    return found === 1
  }
}

function planMapping({ elements, slot, costPerElement, filter, body, at }: Loop): Evaluate {
  return (frame) => {
    const range = elements(frame)
    if (range instanceof Failure) return range
    const list: Value[] = []
    for (const element of range) {
      frame.spend(costPerElement)
      frame.slots[slot] = element
      const isTaken = filter === undefined || filter(frame)
      if (isTaken === false) continue
      if (isTaken !== true) return faultOf(isTaken, at)
      const value = body(frame)
      if (value instanceof Failure) return value
      list.push(value)
    }
    return list
  }
}

function planFilter({ elements, slot, costPerElement, body, at }: Loop): Evaluate {
  return (frame) => {
    const range = elements(frame)
    if (range instanceof Failure) return range
    const list: Value[] = []
    for (const element of range) {
      frame.spend(costPerElement)
      frame.slots[slot] = element
      const value = body(frame)
      if (typeof value !== 'boolean') return faultOf(value, at)
      if (value) list.push(element)
    }
    return list
  }
}
