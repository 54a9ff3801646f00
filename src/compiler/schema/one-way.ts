import { isObject } from '../../domain/index.ts'
import type { DocumentSet } from '../document/index.ts'
import { dialectOf } from './dialect.ts'
import type { Dialect, Direction, SchemaPlace } from './draft.ts'
import { placesBelow } from './places-below.ts'

// A schema that reaches more is refused for it; without a bound a long chain would be followed from every link.
const MAX_PARTS = 2000

/** What the schemas of one direction are looked through with. */
export interface OneWayReader {
  readonly set: DocumentSet
  /** That of the description that the schemas are reached from. */
  readonly dialect: Dialect
  readonly known: WeakMap<object, ReadonlySet<string>>
  /** What the other direction alone has: a request has nothing that is `readOnly`, a response nothing `writeOnly`. */
  readonly keyword: 'readOnly' | 'writeOnly'
  /** False where no schema can have a property that is. */
  readonly isNeeded: boolean
}

export function createOneWayReader(set: DocumentSet, dialect: Dialect, direction: Direction): OneWayReader {
  const keyword = direction === 'request' ? 'readOnly' : 'writeOnly'
  const isNeeded = [...set.documents.values()].some((document) => document.mentions(keyword))
  return { set, dialect, keyword, known: new WeakMap(), isNeeded }
}

const NONE: ReadonlySet<string> = new Set()

/**
 * The properties of the value of a schema that only the other direction has: those that it declares itself, by its
 * `$ref`, in a branch of `allOf`, or in every branch of `anyOf` or `oneOf`. They are not sent, so that they cannot be
 * required (OpenAPI 3.0 §4.7.24.2).
 */
export function oneWayNames(place: SchemaPlace, reader: OneWayReader): ReadonlySet<string> {
  if (!reader.isNeeded || !isObject(place.value)) return NONE
  const known = reader.known.get(place.value)
  if (known !== undefined) return known
  const names = collectNames([place], reader, { parts: MAX_PARTS }, NONE)
  reader.known.set(place.value, names)
  return names
}

function collectNames(
  start: readonly SchemaPlace[],
  reader: OneWayReader,
  left: { parts: number },
  around: ReadonlySet<unknown>,
): ReadonlySet<string> {
  const names = new Set<string>()
  const seen = new Set(around)
  const pending = [...start]
  for (const place of pending) {
    if (!isObject(place.value) || seen.has(place.value)) continue
    if (left.parts === 0) break
    left.parts -= 1
    seen.add(place.value)
    pending.push(...partsOf(place, reader))
    for (const [name, property] of placesBelow(place, 'properties')) {
      if (isOneWay(property, reader)) names.add(name)
    }
    for (const keyword of ['anyOf', 'oneOf']) {
      const branches = placesBelow(place, keyword).map(([, branch]) =>
        collectNames([branch], reader, left, seen),
      )
      const [first, ...others] = branches
      for (const name of first ?? []) if (others.every((other) => other.has(name))) names.add(name)
    }
  }
  return names
}

/** The schemas that always apply to the same value: what a `$ref` leads to and the branches of `allOf`. */
function partsOf(place: SchemaPlace, { set, dialect }: OneWayReader): readonly SchemaPlace[] {
  const { document, value } = place
  if (!isObject(value)) return []
  const ref = value['$ref']
  const target = typeof ref === 'string' ? set.resolve(place, ref) : undefined
  // In OpenAPI 3.0 (§4.7.23) nothing beside a reference counts.
  const isAlone = target !== undefined && dialectOf(document, dialect) === '3.0'
  const branches = isAlone ? [] : placesBelow(place, 'allOf').map(([, branch]) => branch)
  return target === undefined ? branches : [target, ...branches]
}

/** True where a property, or what it refers to or is composed of, is of the other direction. */
export function isOneWay(property: SchemaPlace, reader: OneWayReader): boolean {
  const { dialect, keyword } = reader
  if (!reader.isNeeded) return false
  const seen = new Set<unknown>()
  const pending = [property]
  for (const place of pending) {
    const { document, value } = place
    if (!isObject(value) || seen.has(value) || seen.size === MAX_PARTS) continue
    seen.add(value)
    const isAlone = typeof value['$ref'] === 'string' && dialectOf(document, dialect) === '3.0'
    if (value[keyword] === true && !isAlone) return true
    pending.push(...partsOf(place, reader))
  }
  return false
}

const SAME_VALUE = ['allOf', 'anyOf', 'oneOf', 'then', 'else', 'dependentSchemas']

/** Those of the given names that a schema requires of the same value without declaring them as of the other direction itself. */
export function requiredElsewhere(
  names: ReadonlySet<string>,
  start: SchemaPlace,
  reader: OneWayReader,
): readonly string[] {
  const own = names.size === 0 ? names : oneWayNames(start, reader)
  const wanted = new Set([...names].filter((name) => !own.has(name)))
  const found = new Set<string>()
  const seen = new Set<unknown>()
  const pending = wanted.size === 0 ? [] : [start]
  for (const place of pending) {
    const { value } = place
    if (!isObject(value) || seen.has(value) || seen.size === MAX_PARTS) continue
    seen.add(value)
    const { required, dependentRequired, $ref } = value
    const lists = isObject(dependentRequired) ? Object.values(dependentRequired) : []
    for (const name of [required, ...lists].flat()) {
      if (typeof name === 'string' && wanted.has(name)) found.add(name)
    }
    const target = typeof $ref === 'string' ? reader.set.resolve(place, $ref) : undefined
    if (target !== undefined) pending.push(target)
    for (const keyword of SAME_VALUE) pending.push(...placesBelow(place, keyword).map(([, below]) => below))
  }
  return [...found].toSorted()
}
