import { isObject, type JsonObject, type JsonValue } from '../../../domain/index.ts'
import type { MakePattern } from '../make-pattern.ts'
import type { Assertion } from './evaluation.ts'
import { formatCheck } from './formats.ts'
import { findDuplicate, jsonKey } from './json-key.ts'
import { isMultipleOf } from './multiple-of.ts'

/**
 * The assertions of a schema (JSON Schema 2020-12 validation §6 and §7), with the words of ajv, so that the two engines
 * tell alike.
 */
export function assertionsOf(schema: JsonObject, makePattern: MakePattern): readonly Assertion[] {
  return Object.entries(schema).flatMap(
    ([keyword, wanted]) => assertionOf(keyword, wanted, makePattern) ?? [],
  )
}

/** The assertion of one keyword; undefined where it is none. */
export function assertionOf(
  keyword: string,
  wanted: JsonValue,
  makePattern: MakePattern,
): Assertion | undefined {
  return makers.get(keyword)?.(wanted as never, makePattern)
}

// What a keyword holds was checked against the meta-schema when the description was compiled.
type Maker = (wanted: never, makePattern: MakePattern) => Assertion

const makers: ReadonlyMap<string, Maker> = new Map(
  Object.entries({
    type: (wanted: string | readonly string[]) => {
      const types = new Set(typeof wanted === 'string' ? [wanted] : wanted)
      const reason = `must be ${[...types].join(',')}`
      return (value) => (typesOf(value).some((type) => types.has(type)) ? undefined : reason)
    },
    enum: (wanted: readonly unknown[]) => {
      const keys = new Set(wanted.map(jsonKey))
      const reason = `must be equal to one of the allowed values: ${JSON.stringify(wanted).slice(0, 200)}`
      return (value) => (keys.has(jsonKey(value)) ? undefined : reason)
    },
    const: (wanted: unknown) => {
      const key = jsonKey(wanted)
      const reason = `must be equal to constant: ${JSON.stringify(wanted).slice(0, 200)}`
      return (value) => (jsonKey(value) === key ? undefined : reason)
    },
    maximum: (limit: number) => ofNumber((value) => value <= limit, `must be <= ${limit}`),
    exclusiveMaximum: (limit: number) => ofNumber((value) => value < limit, `must be < ${limit}`),
    minimum: (limit: number) => ofNumber((value) => value >= limit, `must be >= ${limit}`),
    exclusiveMinimum: (limit: number) => ofNumber((value) => value > limit, `must be > ${limit}`),
    multipleOf: (factor: number) =>
      ofNumber((value) => isMultipleOf(value, factor), `must be multiple of ${factor}`),
    maxLength: (limit: number) =>
      ofText((text) => lengthOf(text) <= limit, `must NOT have more than ${limit} characters`),
    minLength: (limit: number) =>
      ofText((text) => lengthOf(text) >= limit, `must NOT have fewer than ${limit} characters`),
    pattern: (source: string, makePattern: MakePattern) => {
      const pattern = makePattern(source, 'u')
      return ofText((text) => pattern.test(text), `must match pattern "${source}"`)
    },
    format: formatCheck,
    maxItems: (limit: number) =>
      ofList((list) => list.length <= limit, `must NOT have more than ${limit} items`),
    minItems: (limit: number) =>
      ofList((list) => list.length >= limit, `must NOT have fewer than ${limit} items`),
    uniqueItems: (isWanted: boolean) => (value) => {
      const found = isWanted && Array.isArray(value) ? findDuplicate(value) : undefined
      return found && duplicateReason(found)
    },
    maxProperties: (limit: number) =>
      ofObject((size) => size <= limit, `must NOT have more than ${limit} properties`),
    minProperties: (limit: number) =>
      ofObject((size) => size >= limit, `must NOT have fewer than ${limit} properties`),
  } satisfies Record<string, Maker>),
)

function duplicateReason([later, earlier]: readonly [number, number]): string {
  return `must NOT have duplicate items (items ## ${later} and ${earlier} are identical)`
}

function ofNumber(isValid: (value: number) => boolean, reason: string): Assertion {
  return (value) => (typeof value !== 'number' || isValid(value) ? undefined : reason)
}

function ofText(isValid: (text: string) => boolean, reason: string): Assertion {
  return (value) => (typeof value !== 'string' || isValid(value) ? undefined : reason)
}

function ofList(isValid: (list: readonly unknown[]) => boolean, reason: string): Assertion {
  return (value) => (!Array.isArray(value) || isValid(value) ? undefined : reason)
}

function ofObject(isValid: (size: number) => boolean, reason: string): Assertion {
  return (value) => (!isObject(value) || isValid(Object.keys(value).length) ? undefined : reason)
}

function typesOf(value: unknown): readonly string[] {
  if (value === null) return ['null']
  if (Array.isArray(value)) return ['array']
  if (typeof value !== 'number') return [typeof value]
  return Number.isInteger(value) ? ['number', 'integer'] : ['number']
}

/** The length of a text in code points, as JSON Schema counts it (validation §6.3.1). */
export function lengthOf(text: string): number {
  let length = 0
  for (const _ of text) length += 1
  return length
}
