/**
 * A value of the Common Expression Language. JSON values are values as they are: a number that is a safe integer is an
 * `int`, any other number is a `double`. What JSON cannot say has a class of its own.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Double
  | Uint
  | Timestamp
  | Duration
  | TypeName
  | MapValue
  | ListValue
  | ObjectValue

export type ListValue = readonly Value[]

/** A map with string keys, as JSON.parse makes it. */
export interface ObjectValue {
  readonly [name: string]: Value
}

/** What an expression gives: a value, or why there is none. Failures are values, so that `||` can absorb them. */
export type Result = Value | Failure

/** A `double` whose number is a safe integer; without the class it would be an `int`. Made by {@link double}. */
export class Double {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

/** An unsigned integer of 64 bits. */
export class Uint {
  readonly value: bigint

  constructor(value: bigint) {
    this.value = value
  }
}

/** A point in time, in nanoseconds since the Unix epoch. */
export class Timestamp {
  readonly nanos: bigint

  constructor(nanos: bigint) {
    this.nanos = nanos
  }
}

/** A span of time in nanoseconds. */
export class Duration {
  readonly nanos: bigint

  constructor(nanos: bigint) {
    this.nanos = nanos
  }
}

/** What `type(x)` gives. */
export class TypeName {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/** A key in the form in which equal keys are the same: a `uint` of 1 and an `int` of 1 are both the number 1. */
export type MapKey = string | boolean | number | bigint

/** A map that is no JSON object. Hosts extend it to look values up when they are asked for. */
export abstract class MapValue {
  abstract readonly size: number
  abstract get(key: MapKey): Value | undefined
  abstract keys(): Iterable<Value>
}

/** Why an expression has no value. */
export class Failure {
  readonly message: string
  /** Where in the source, in UTF-16 units; -1 until the call that failed is known. */
  at = -1

  constructor(message: string) {
    this.message = message
  }
}

/** A `double`, in the class where its number would pass for an `int`. */
export function double(value: number): number | Double {
  return Number.isSafeInteger(value) ? new Double(value) : value
}

export function isList(value: Result): value is ListValue {
  return Array.isArray(value)
}

/** True for a JSON object, of whatever members; false for instances of classes. */
export function isObjectValue(value: object): value is ObjectValue {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
