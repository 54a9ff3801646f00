import { EvaluationStopped, type Budget } from './budget.ts'
import { isMap, lookupKeyOf, mapGet, mapKeys, mapSize } from './map.ts'
import {
  Double,
  Duration,
  isList,
  Timestamp,
  TypeName,
  Uint,
  type ListValue,
  type MapValue,
  type ObjectValue,
  type Value,
} from './value.ts'

const MAX_DEPTH = 100
/** Characters or bytes that are compared in about the time of one call. */
const COMPARED_PER_UNIT = 64

/**
 * Equality (langdef, "Equality"): numbers by their value whatever their type, everything else of different types is
 * not equal, lists and maps by their elements.
 *
 * @throws {EvaluationStopped} when the budget is spent, or for data nested deeper than 100.
 */
export function equals(left: Value, right: Value, budget: Budget): boolean {
  return equalAt(left, right, { budget, depth: 0 })
}

interface Context {
  readonly budget: Budget
  readonly depth: number
}

function equalAt(left: Value, right: Value, context: Context): boolean {
  if (typeof left === 'string') return typeof right === 'string' && equalTexts(left, right, context.budget)
  // No two numbers that are equal differ in JavaScript; NaN is not equal to itself there either.
  if (typeof left === 'number' && typeof right === 'number') return left === right
  const [a, b] = [numericOf(left), numericOf(right)]
  // oxlint-disable-next-line eqeqeq -- compares a bigint and a number by their exact values
  if (a !== undefined || b !== undefined) return a !== undefined && b !== undefined && a == b
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return left === right
  }
  return equalObjects(left, right, context)
}

function equalTexts(left: string, right: string, budget: Budget): boolean {
  if (left.length !== right.length) return false
  if (left.length >= COMPARED_PER_UNIT) budget.spend(Math.ceil(left.length / COMPARED_PER_UNIT))
  return left === right
}

function equalObjects(left: Value & object, right: Value & object, context: Context): boolean {
  if (isList(left)) return isList(right) && equalLists(left, right, context)
  if (left instanceof Uint8Array) return right instanceof Uint8Array && equalBytes(left, right, context)
  if (left instanceof Timestamp) return right instanceof Timestamp && left.nanos === right.nanos
  if (left instanceof Duration) return right instanceof Duration && left.nanos === right.nanos
  if (left instanceof TypeName) return right instanceof TypeName && left.name === right.name
  return isMap(left) && isMap(right) && equalMaps(left, right, context)
}

function equalLists(left: ListValue, right: ListValue, context: Context): boolean {
  if (left.length !== right.length) return false
  const within = enter(left.length, context)
  return left.every((element, index) => equalAt(element, right[index] as Value, within))
}

function equalMaps(left: MapValue | ObjectValue, right: MapValue | ObjectValue, context: Context): boolean {
  const size = mapSize(left)
  if (size !== mapSize(right)) return false
  const within = enter(size, context)
  for (const key of mapKeys(left)) {
    const lookup = lookupKeyOf(key)
    if (lookup === undefined) return false
    const [a, b] = [mapGet(left, lookup), mapGet(right, lookup)]
    if (a === undefined || b === undefined || !equalAt(a, b, within)) return false
  }
  return true
}

function enter(size: number, { budget, depth }: Context): Context {
  if (depth >= MAX_DEPTH) throw new EvaluationStopped('the data is nested too deeply')
  budget.spend(size)
  return { budget, depth: depth + 1 }
}

function equalBytes(left: Uint8Array, right: Uint8Array, { budget }: Context): boolean {
  if (left.length !== right.length) return false
  budget.spend(Math.ceil(left.length / COMPARED_PER_UNIT))
  return left.every((byte, index) => byte === right[index])
}

/** The number that a value is, for comparisons across the numeric types. */
export function numericOf(value: Value): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  return value instanceof Double || value instanceof Uint ? value.value : undefined
}
