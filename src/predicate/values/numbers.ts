import { Double, double, Failure, Uint, type Value } from './value.ts'

const MAX_INT = 2n ** 63n - 1n
const MIN_INT = -(2n ** 63n)
const MAX_UINT = 2n ** 64n - 1n
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER)

/** An `int` in its one form: a number where that is exact, else a bigint; or a failure beyond 64 bits. */
export function int(value: bigint): number | bigint | Failure {
  if (value <= MAX_SAFE && value >= -MAX_SAFE) return Number(value)
  return value > MAX_INT || value < MIN_INT ? new Failure('int overflow') : value
}

export function uint(value: bigint): Uint | Failure {
  return value < 0n || value > MAX_UINT ? new Failure('uint overflow') : new Uint(value)
}

/** True for the two forms of an `int`. */
export function isInt(value: Value): value is number | bigint {
  return typeof value === 'bigint' || Number.isSafeInteger(value)
}

/** The number of a `double`, or undefined for any other value. */
export function doubleOf(value: Value): number | undefined {
  if (value instanceof Double) return value.value
  return typeof value === 'number' && !Number.isSafeInteger(value) ? value : undefined
}

export type Arithmetic = '+' | '-' | '*' | '/' | '%'

/**
 * Arithmetic of two numbers of the same type (langdef, "Arithmetic"): overflow and division by zero are failures, a
 * `double` follows IEEE 754. Undefined where the types differ or have no such operation.
 */
export function calculate(operator: Arithmetic, left: Value, right: Value): Value | Failure | undefined {
  if (isInt(left)) return isInt(right) ? calculateInts(operator, left, right) : undefined
  if (left instanceof Uint) {
    if (!(right instanceof Uint)) return undefined
    const result = calculateBig(operator, left.value, right.value)
    return typeof result === 'bigint' ? uint(result) : result
  }
  const [a, b] = [doubleOf(left), doubleOf(right)]
  return a === undefined || b === undefined ? undefined : calculateDoubles(operator, a, b)
}

export function negate(value: Value): Value | Failure | undefined {
  if (isInt(value)) return typeof value === 'number' ? 0 - value : int(-value)
  const number = doubleOf(value)
  return number === undefined ? undefined : double(-number)
}

function calculateInts(
  operator: Arithmetic,
  left: number | bigint,
  right: number | bigint,
): number | bigint | Failure {
  if (typeof left === 'number' && typeof right === 'number') {
    const result = calculateSafe(operator, left, right)
    // Adding zero turns -0, which an `int` does not have, into 0.
    if (Number.isSafeInteger(result)) return result + 0
  }
  const result = calculateBig(operator, BigInt(left), BigInt(right))
  return typeof result === 'bigint' ? int(result) : result
}

/** NaN where it has to be calculated in full. */
function calculateSafe(operator: Arithmetic, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '%':
      return left % right
    case '/':
      return (left - (left % right)) / right
  }
}

function calculateBig(operator: Arithmetic, left: bigint, right: bigint): bigint | Failure {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return right === 0n ? new Failure('division by zero') : left / right
    case '%':
      return right === 0n ? new Failure('modulus by zero') : left % right
  }
}

function calculateDoubles(operator: Arithmetic, left: number, right: number): Value | undefined {
  switch (operator) {
    case '+':
      return double(left + right)
    case '-':
      return double(left - right)
    case '*':
      return double(left * right)
    case '/':
      return double(left / right)
    case '%':
      return undefined
  }
}
