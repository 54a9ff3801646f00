import { elementAt } from '../functions/index.ts'
import { resolveName } from '../names/index.ts'
import type { Node, Select } from '../syntax/index.ts'
import {
  BuiltMap,
  Failure,
  isMap,
  kindOf,
  mapGet,
  mapKeyOf,
  noSuchKey,
  TypeName,
  type Result,
  type Value,
} from '../values/index.ts'
import type { Evaluate } from './frame.ts'
import { failAt } from './fail-at.ts'
import { planCall } from './plan-call.ts'
import { planComprehension } from './plan-comprehension.ts'
import type { PlanContext } from './plan-context.ts'
import { planLogical } from './plan-logical.ts'

/** Turns a checked expression into closures. */
export function planNode(node: Node, context: PlanContext): Evaluate {
  switch (node.kind) {
    case 'literal': {
      const { value } = node
      return () => value
    }
    case 'identifier':
      return planNames(node, context) ?? (() => failAt(node.at, `there is no variable ${node.name}`))
    case 'select':
      return planSelect(node, context)
    case 'index':
      return planIndex(node, context)
    case 'call':
      return planCall(node, context)
    case 'and':
    case 'or':
      return planLogical(
        node,
        node.terms.map((term) => planNode(term, context)),
      )
    case 'conditional':
      return planConditional(node, context)
    case 'list':
      return planList(node, context)
    case 'map':
      return planMap(node, context)
    case 'message':
      return () => failAt(node.at, `there is no message type ${node.name}`)
    case 'comprehension':
      return planComprehension(node, context)
  }
}

/** Names that mean something; undefined for a node that is more than names, or whose names mean nothing. */
function planNames(node: Node, { declarations, accessors, scope }: PlanContext): Evaluate | undefined {
  const resolved = resolveName(node, scope, declarations)
  if (resolved === undefined) return undefined
  const { at } = node
  const { fields } = resolved
  if (resolved.kind === 'type') {
    const type = new TypeName(resolved.name)
    return () => type
  }
  if (resolved.kind === 'local') {
    const { slot } = resolved
    return withFields((frame) => frame.slots[slot] as Value, fields, at)
  }
  const { name } = resolved
  const read = accessors[name]
  const missing = () => failAt(at, `there is no ${name} here`)
  if (read === undefined) return missing
  const whole: Evaluate = (frame) => {
    const value = read(frame.subject)
    return value === undefined ? missing() : value
  }
  return withFields(whole, fields, at)
}

function withFields(operand: Evaluate, fields: readonly string[], at: number): Evaluate {
  return fields.reduce<Evaluate>((before, field) => fieldReader(before, field, at), operand)
}

function fieldReader(operand: Evaluate, field: string, at: number): Evaluate {
  return (frame) => {
    const value = operand(frame)
    if (value instanceof Failure) return value
    const found = isMap(value) ? mapGet(value, field) : undefined
    return found === undefined ? located(noSuchKey(field), at) : found
  }
}

function planSelect(node: Select, context: PlanContext): Evaluate {
  if (node.isTest) return planTest(node, context)
  return planNames(node, context) ?? fieldReader(planNode(node.operand, context), node.field, node.at)
}

/** `has(x.y)`; also of an attribute that is not there at all. */
function planTest(node: Select, context: PlanContext): Evaluate {
  const { operand, field, at } = node
  const whole = resolveName({ ...node, isTest: false }, context.scope, context.declarations)
  if (whole?.kind === 'variable' && whole.fields.length <= 1) {
    const read = context.accessors[whole.name]
    const [key] = whole.fields
    return (frame) => {
      const value = read?.(frame.subject)
      return value === undefined || key === undefined ? value !== undefined : hasField(value, key, at)
    }
  }
  const evaluate = planNode(operand, context)
  return (frame) => {
    const value = evaluate(frame)
    return value instanceof Failure ? value : hasField(value, field, at)
  }
}

function hasField(value: Value, field: string, at: number): boolean | Failure {
  return isMap(value) ? mapGet(value, field) !== undefined : failAt(at, `a ${kindOf(value)} has no fields`)
}

function planIndex({ operand, index, at }: Extract<Node, { kind: 'index' }>, context: PlanContext): Evaluate {
  const [container, key] = [planNode(operand, context), planNode(index, context)]
  return (frame) => {
    const from = container(frame)
    if (from instanceof Failure) return from
    const position = key(frame)
    if (position instanceof Failure) return position
    const found = elementAt(from, position)
    return found === undefined ? located(noSuchKey(position), at) : located(found, at)
  }
}

function planConditional(node: Extract<Node, { kind: 'conditional' }>, context: PlanContext): Evaluate {
  const condition = planNode(node.condition, context)
  const [yes, no] = [planNode(node.yes, context), planNode(node.no, context)]
  return (frame) => {
    const value = condition(frame)
    if (value === true) return yes(frame)
    if (value === false) return no(frame)
    return value instanceof Failure ? value : failAt(node.at, `a condition is a bool, not a ${kindOf(value)}`)
  }
}

function planList({ elements }: Extract<Node, { kind: 'list' }>, context: PlanContext): Evaluate {
  if (elements.every((element) => element.kind === 'literal')) {
    const list = elements.map((element) => element.value)
    return () => list
  }
  const planned = elements.map((element) => planNode(element, context))
  return (frame) => {
    const list: Value[] = []
    for (const evaluate of planned) {
      const value = evaluate(frame)
      if (value instanceof Failure) return value
      list.push(value)
    }
    return list
  }
}

function planMap({ entries, at }: Extract<Node, { kind: 'map' }>, context: PlanContext): Evaluate {
  const planned = entries.map(([key, value]) => [planNode(key, context), planNode(value, context)] as const)
  return (frame) => {
    const map = new BuiltMap()
    for (const [evaluateKey, evaluateValue] of planned) {
      const key = evaluateKey(frame)
      if (key instanceof Failure) return key
      const value = evaluateValue(frame)
      if (value instanceof Failure) return value
      const lookup = mapKeyOf(key)
      if (lookup === undefined) return failAt(at, `a ${kindOf(key)} cannot be a key`)
      if (!map.add(key, lookup, value)) return failAt(at, 'the map has a key twice')
    }
    return map
  }
}

function located(result: Result, at: number): Result {
  if (result instanceof Failure && result.at === -1) result.at = at
  return result
}
