import { compilePattern } from '../functions/index.ts'
import type { Comprehension, Node, Select } from '../syntax/index.ts'
import { formatType, isAssignable, isComparable, join, type Type } from '../types/index.ts'
import { Failure, kindOf, type Kind, type Value } from '../values/index.ts'
import { checkCall } from './check-call.ts'
import type { CheckContext } from './check-context.ts'
import { checkNames } from './check-names.ts'

/**
 * The type of an expression as far as it is known. Reports what can have no value whatever the data: names that mean
 * nothing, operands that no function takes, comparisons that are never true.
 */
export function checkExpression(node: Node, context: CheckContext): Type {
  switch (node.kind) {
    case 'literal':
      return TYPE_OF_KIND[kindOf(node.value)]
    case 'identifier':
      return checkNames(node, context) ?? 'dyn'
    case 'select':
      return checkSelect(node, context)
    case 'index':
      return checkIndex(node, context)
    case 'call':
      return checkComparison(node, checkCall(node, context, checkExpression), context)
    case 'and':
    case 'or':
      for (const term of node.terms) expectBool(term, context)
      return 'bool'
    case 'conditional':
      expectBool(node.condition, context)
      return join([checkExpression(node.yes, context), checkExpression(node.no, context)])
    case 'list':
      return { list: join(node.elements.map((element) => checkExpression(element, context))) }
    case 'map':
      return checkMap(node.entries, context)
    case 'message':
      return refuseMessage(node, context)
    case 'comprehension':
      return checkComprehension(node, context)
  }
}

const TYPE_OF_KIND: Readonly<Record<Kind, Type>> = {
  null_type: 'null',
  bool: 'bool',
  int: 'int',
  uint: 'uint',
  double: 'double',
  string: 'string',
  bytes: 'bytes',
  list: { list: 'dyn' },
  map: { map: ['dyn', 'dyn'] },
  type: 'type',
  'google.protobuf.Timestamp': 'timestamp',
  'google.protobuf.Duration': 'duration',
}

function refuseMessage({ name, at }: Extract<Node, { kind: 'message' }>, { report }: CheckContext): Type {
  report({ at, message: `there is no message type \`${name}\``, hint: 'Write a map: `{"name": value}`.' })
  return 'dyn'
}

function checkSelect(node: Select, context: CheckContext): Type {
  if (node.isTest) {
    const plain = { ...node, isTest: false }
    const isKnown = checkNames(plain, context)
    if (isKnown === undefined) fieldOf(checkExpression(node.operand, context), node, context)
    return 'bool'
  }
  return checkNames(node, context) ?? fieldOf(checkExpression(node.operand, context), node, context)
}

/** The type of a field, of a map or of what is not known. */
function fieldOf(operand: Type, { field, at }: Select, { report }: CheckContext): Type {
  if (operand === 'dyn') return 'dyn'
  if (typeof operand === 'object' && 'map' in operand && isAssignable('string', operand.map[0])) {
    return operand.map[1]
  }
  report({
    at,
    message: `a value of type ${formatType(operand)} has no field \`${field}\``,
    hint: 'Fields are of maps.',
  })
  return 'dyn'
}

function checkIndex({ operand, index, at }: Extract<Node, { kind: 'index' }>, context: CheckContext): Type {
  const [container, key] = [checkExpression(operand, context), checkExpression(index, context)]
  if (container === 'dyn') return 'dyn'
  if (typeof container === 'object') {
    if ('list' in container && isComparable(key, 'int')) return container.list
    if ('map' in container && isComparable(key, container.map[0])) return container.map[1]
  }
  const message = `a value of type ${formatType(container)} has nothing at an index of type ${formatType(key)}`
  context.report({ at, message, hint: 'Index a list by an int, and a map by a key.' })
  return 'dyn'
}

function expectBool(node: Node, context: CheckContext): void {
  const type = checkExpression(node, context)
  if (isAssignable(type, 'bool')) return
  const message = `expected a bool, found ${formatType(type)}`
  context.report({ at: node.at, message, hint: 'Compare it with something.' })
}

const KEYS: readonly Type[] = ['bool', 'int', 'uint', 'string']

function checkMap(entries: readonly (readonly [Node, Node])[], context: CheckContext): Type {
  const keys = entries.map(([key]) => {
    const type = checkExpression(key, context)
    if (KEYS.some((allowed) => isAssignable(type, allowed))) return type
    const message = `a value of type ${formatType(type)} cannot be a key`
    context.report({ at: key.at, message, hint: 'Keys are of type bool, int, uint or string.' })
    return 'dyn'
  })
  return { map: [join(keys), join(entries.map(([, value]) => checkExpression(value, context)))] }
}

function checkComprehension(node: Comprehension, context: CheckContext): Type {
  const { macro, variable, range, filter, body } = node
  const scope = [...context.scope, { name: variable, type: elementOf(range, context) }]
  const within = { ...context, scope }
  if (filter !== undefined) expectBool(filter, within)
  if (macro === 'map') return { list: checkExpression(body, within) }
  expectBool(body, within)
  return macro === 'filter' ? { list: scope.at(-1)?.type ?? 'dyn' } : 'bool'
}

function elementOf(range: Node, context: CheckContext): Type {
  const type = checkExpression(range, context)
  if (type === 'dyn') return 'dyn'
  if (typeof type === 'object') return 'list' in type ? type.list : type.map[0]
  const message = `a value of type ${formatType(type)} has no elements`
  context.report({ at: range.at, message, hint: 'The macro works on lists and on the keys of maps.' })
  return 'dyn'
}

/** What has a valid signature, but is never true or never has a value. */
function checkComparison(
  node: Extract<Node, { kind: 'call' }>,
  call: CheckedCall,
  { report }: CheckContext,
): Type {
  const [left, right] = call.operands
  if (left !== undefined && right !== undefined && isNeverTrue(node.name, left, right)) {
    const message = `a ${formatType(left)} is never equal to a ${formatType(right)}`
    report({ at: node.at, message, hint: 'Convert one of them: `string(x)`, `int(x)`.' })
  }
  const pattern = node.name === 'matches' ? node.operands.at(-1) : undefined
  if (pattern?.kind === 'literal') checkPattern(pattern.value, pattern.at, report)
  return call.result
}

interface CheckedCall {
  readonly result: Type
  readonly operands: readonly Type[]
}

function isNeverTrue(name: string, left: Type, right: Type): boolean {
  if (name === '_==_' || name === '_!=_') return !isComparable(left, right)
  if (name !== '@in' || typeof right !== 'object') return false
  return !isComparable(left, 'list' in right ? right.list : right.map[0])
}

function checkPattern(value: Value, at: number, report: CheckContext['report']): void {
  if (typeof value !== 'string') return
  const pattern = compilePattern(value)
  if (!(pattern instanceof Failure)) return
  report({ at, message: pattern.message, hint: 'RE2 has no look-around and no back-references.' })
}
