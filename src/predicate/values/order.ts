import type { Budget } from './budget.ts'
import { numericOf } from './equals.ts'
import { doubleOf } from './numbers.ts'
import { Duration, Timestamp, type Value } from './value.ts'

const COMPARED_PER_UNIT = 64

/**
 * The order of two values: negative, 0 or positive; NaN where a number is NaN, and undefined where the types have no
 * order. Texts are ordered by code points; an integer and a `double` as two doubles.
 */
export function compare(left: Value, right: Value, budget: Budget): number | undefined {
  if (typeof left === 'string') {
    return typeof right === 'string' ? compareTexts(left, right, budget) : undefined
  }
  if (typeof left === 'boolean') {
    return typeof right === 'boolean' ? Number(left) - Number(right) : undefined
  }
  const [a, b] = [numericOf(left), numericOf(right)]
  if (a !== undefined && b !== undefined) {
    const isApproximate = doubleOf(left) !== undefined || doubleOf(right) !== undefined
    return isApproximate ? order(Number(a), Number(b)) : order(a, b)
  }
  if (left instanceof Timestamp && right instanceof Timestamp) return order(left.nanos, right.nanos)
  if (left instanceof Duration && right instanceof Duration) return order(left.nanos, right.nanos)
  if (left instanceof Uint8Array && right instanceof Uint8Array) {
    budget.spend(Math.ceil(Math.min(left.length, right.length) / COMPARED_PER_UNIT))
    return Buffer.compare(left, right)
  }
  return undefined
}

function order(left: number | bigint, right: number | bigint): number {
  if (left < right) return -1
  if (left > right) return 1
  return left >= right ? 0 : Number.NaN
}

function compareTexts(left: string, right: string, budget: Budget): number {
  if (left === right) return 0
  const shorter = Math.min(left.length, right.length)
  if (shorter >= COMPARED_PER_UNIT) budget.spend(Math.ceil(shorter / COMPARED_PER_UNIT))
  let index = 0
  while (index < shorter && left.charCodeAt(index) === right.charCodeAt(index)) index += 1
  if (index === shorter) return left.length - right.length
  return rank(left.charCodeAt(index)) - rank(right.charCodeAt(index))
}

/** Surrogates stand for code points above all others, but have smaller numbers than the last of those. */
function rank(unit: number): number {
  return unit >= 0xd8_00 && unit < 0xe0_00 ? unit + 0x1_00_00 : unit
}
