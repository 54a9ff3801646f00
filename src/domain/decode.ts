import { isObject } from './json.ts'
import { appendPointer } from './pointer.ts'

/** Turns an unknown value into a `T`, or throws {@link DecodeError} naming the place that does not fit. */
export type Decoder<T> = (value: unknown, path: string) => T

/** A value is not of the declared shape; `path` is its JSON Pointer. */
export class DecodeError extends Error {
  readonly path: string

  constructor(path: string, expected: string) {
    super(`${path === '' ? 'the document' : path} is not ${expected}`)
    this.name = 'DecodeError'
    this.path = path
  }
}

export const text: Decoder<string> = (value, path) => {
  if (typeof value !== 'string') throw new DecodeError(path, 'a string')
  return value
}

export const flag: Decoder<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw new DecodeError(path, 'a boolean')
  return value
}

/** A whole number from 0 up to the largest that JSON carries exactly. */
export const count: Decoder<number> = (value, path) => {
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    throw new DecodeError(path, 'a whole number from 0 up')
  return value as number
}

/** Text that matches a pattern, described for the error. */
export function matching<T extends string>(pattern: RegExp, expected: string): Decoder<T> {
  return (value, path) => {
    if (typeof value !== 'string' || !pattern.test(value)) throw new DecodeError(path, expected)
    return value as T
  }
}

/** One of a closed set of words. */
export function oneOf<const T extends string>(words: readonly T[]): Decoder<T> {
  return (value, path) => {
    if (!words.includes(value as T)) throw new DecodeError(path, `one of ${words.join(', ')}`)
    return value as T
  }
}

/** The value, or null. */
export function nullable<T>(decode: Decoder<T>): Decoder<T | null> {
  return (value, path) => (value === null ? null : decode(value, path))
}

/** The value, or undefined where an {@link object} has no such member. */
export function optional<T>(decode: Decoder<T>): Decoder<T | undefined> {
  return (value, path) => (value === undefined ? undefined : decode(value, path))
}

/** A list of items. */
export function list<T>(decode: Decoder<T>): Decoder<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new DecodeError(path, 'a list')
    return value.map((item, index) => decode(item, `${path}/${index}`))
  }
}

/** An object with free keys and values of one shape. */
export function record<T>(decode: Decoder<T>): Decoder<Readonly<Record<string, T>>> {
  return (value, path) => {
    if (!isObject(value)) throw new DecodeError(path, 'an object')
    const members = Object.entries(value).map(([key, member]) => [
      key,
      decode(member, appendPointer(path, key)),
    ])
    return Object.fromEntries(members) as Record<string, T>
  }
}

type Shape = Record<string, Decoder<unknown>>
type Decoded<S extends Shape> = { readonly [Key in keyof S]: ReturnType<S[Key]> }

/** An object with exactly these keys: a missing key and an unknown key are both refused. */
export function object<S extends Shape>(shape: S): Decoder<Decoded<S>> {
  const keys = Object.keys(shape)
  return (value, path) => {
    if (!isObject(value)) throw new DecodeError(path, 'an object')
    const unknown = Object.keys(value).find((key) => !Object.hasOwn(shape, key))
    if (unknown !== undefined)
      throw new DecodeError(appendPointer(path, unknown), 'a member known to this version')
    const members = keys.map((key) => [
      key,
      (shape[key] as Decoder<unknown>)(value[key], appendPointer(path, key)),
    ])
    // What is left out stays left out.
    return Object.fromEntries(members.filter(([, member]) => member !== undefined)) as Decoded<S>
  }
}
