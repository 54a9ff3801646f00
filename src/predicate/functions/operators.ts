import type { Type } from '../types/index.ts'
import {
  calculate,
  compare,
  duration,
  Duration,
  doubleOf,
  equals,
  Failure,
  isList,
  isMap,
  lookupKeyOf,
  mapGet,
  negate,
  Timestamp,
  timestamp,
  type Arithmetic,
  type Budget,
  type Result,
  type Value,
} from '../values/index.ts'
import { signature, type Apply, type FunctionDefinition, type Signature } from './definition.ts'

const CONCATENATED_PER_UNIT = 16
const LIST: Type = { list: 'dyn' }
const ORDERED: readonly Type[] = ['bool', 'int', 'uint', 'double', 'string', 'bytes', 'timestamp', 'duration']
const NUMBERS: readonly Type[] = ['int', 'uint', 'double']

/** Sums, which texts, bytes, lists and times have too. */
function add(budget: Budget, left: Value, right: Value): Result | undefined {
  if (typeof left === 'string') {
    if (typeof right !== 'string') return undefined
    budget.spend(Math.ceil((left.length + right.length) / CONCATENATED_PER_UNIT))
    return left + right
  }
  const number = calculate('+', left, right)
  if (number !== undefined) return number
  if (isList(left)) {
    if (!isList(right)) return undefined
    budget.spend(left.length + right.length)
    return [...left, ...right]
  }
  if (left instanceof Uint8Array && right instanceof Uint8Array) {
    budget.spend(Math.ceil((left.length + right.length) / CONCATENATED_PER_UNIT))
    return new Uint8Array(Buffer.concat([left, right]))
  }
  return addTimes(left, right)
}

function addTimes(left: Value, right: Value): Result | undefined {
  if (left instanceof Duration) {
    if (right instanceof Duration) return duration(left.nanos + right.nanos)
    return right instanceof Timestamp ? timestamp(left.nanos + right.nanos) : undefined
  }
  if (!(left instanceof Timestamp) || !(right instanceof Duration)) return undefined
  return timestamp(left.nanos + right.nanos)
}

function subtract(_: Budget, left: Value, right: Value): Result | undefined {
  if (left instanceof Timestamp) {
    if (right instanceof Timestamp) return duration(left.nanos - right.nanos)
    return right instanceof Duration ? timestamp(left.nanos - right.nanos) : undefined
  }
  if (left instanceof Duration) {
    return right instanceof Duration ? duration(left.nanos - right.nanos) : undefined
  }
  return calculate('-', left, right)
}

/** True where a list has an equal element, or a map the key. */
function includes(budget: Budget, element: Value, container: Value): Result | undefined {
  if (isList(container)) {
    budget.spend(container.length)
    return container.some((candidate) => equals(candidate, element, budget))
  }
  if (!isMap(container)) return undefined
  const key = lookupKeyOf(element)
  if (key !== undefined) return mapGet(container, key) !== undefined
  // A fraction is a number that no key has; a list, say, can be no key.
  return doubleOf(element) === undefined ? undefined : false
}

function ordering(test: (order: number) => boolean): Apply {
  return (budget, left, right) => {
    const order = compare(left, right, budget)
    return order === undefined ? undefined : test(order)
  }
}

function operator(name: string, signatures: readonly Signature[], apply: Apply): FunctionDefinition {
  return { name, style: 'function', signatures, apply }
}

function relation(name: string, test: (order: number) => boolean): FunctionDefinition {
  const numeric = NUMBERS.flatMap((left) => NUMBERS.map((right) => signature([left, right], 'bool')))
  const others = ORDERED.filter((type) => !NUMBERS.includes(type))
  const same = others.map((type) => signature([type, type], 'bool'))
  return operator(name, [...numeric, ...same], ordering(test))
}

function arithmetic(name: Arithmetic, types: readonly Type[]): FunctionDefinition {
  const signatures = types.map((type) => signature([type, type], type))
  return operator(`_${name}_`, signatures, (_, left, right) => calculate(name, left, right))
}

function sameTypes(types: readonly Type[]): readonly Signature[] {
  return types.map((type) => signature([type, type], type))
}

export const operators: readonly FunctionDefinition[] = [
  operator('_==_', [signature(['dyn', 'dyn'], 'bool')], (budget, a, b) => equals(a, b, budget)),
  operator('_!=_', [signature(['dyn', 'dyn'], 'bool')], (budget, a, b) => !equals(a, b, budget)),
  relation('_<_', (order) => order < 0),
  relation('_<=_', (order) => order <= 0),
  relation('_>_', (order) => order > 0),
  relation('_>=_', (order) => order >= 0),
  operator(
    '_+_',
    [
      ...sameTypes([...NUMBERS, 'string', 'bytes', LIST, 'duration']),
      signature(['timestamp', 'duration'], 'timestamp'),
      signature(['duration', 'timestamp'], 'timestamp'),
    ],
    add,
  ),
  operator(
    '_-_',
    [
      ...sameTypes([...NUMBERS, 'duration']),
      signature(['timestamp', 'timestamp'], 'duration'),
      signature(['timestamp', 'duration'], 'timestamp'),
    ],
    subtract,
  ),
  arithmetic('*', NUMBERS),
  arithmetic('/', NUMBERS),
  arithmetic('%', ['int', 'uint']),
  operator('-_', [signature(['int'], 'int'), signature(['double'], 'double')], (_, value) => negate(value)),
  operator('!_', [signature(['bool'], 'bool')], (_, value) =>
    typeof value === 'boolean' ? !value : undefined,
  ),
  operator(
    '@in',
    [signature(['dyn', LIST], 'bool'), signature(['dyn', { map: ['dyn', 'dyn'] }], 'bool')],
    includes,
  ),
]

/** An element of a list or the value of a map's key. */
export function elementAt(container: Value, index: Value): Result | undefined {
  if (isList(container)) {
    const position = lookupKeyOf(index)
    if (typeof position !== 'number') return typeof position === 'bigint' ? outOfBounds() : undefined
    return container[position] ?? (container.length > position && position >= 0 ? null : outOfBounds())
  }
  if (!isMap(container)) return undefined
  const key = lookupKeyOf(index)
  return key === undefined ? undefined : mapGet(container, key)
}

function outOfBounds(): Failure {
  return new Failure('the index is outside the list')
}
