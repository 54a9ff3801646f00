import { Failure, isObjectValue, MapValue, Uint, type MapKey, type Value } from './value.ts'

/** A map that an expression builds: any key that the language allows, in the order of writing. */
export class BuiltMap extends MapValue {
  readonly #values = new Map<MapKey, Value>()
  readonly #keys: Value[] = []

  override get size(): number {
    return this.#keys.length
  }

  override get(key: MapKey): Value | undefined {
    return this.#values.get(key)
  }

  override keys(): Iterable<Value> {
    return this.#keys
  }

  /** Adds an entry; false where the key is there already. */
  add(key: Value, lookup: MapKey, value: Value): boolean {
    if (this.#values.has(lookup)) return false
    this.#values.set(lookup, value)
    this.#keys.push(key)
    return true
  }
}

/** The form in which a key is looked up; undefined for what can be no key. */
export function mapKeyOf(key: Value): MapKey | undefined {
  switch (typeof key) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return key
    case 'number':
      return Number.isSafeInteger(key) ? key : undefined
    default:
      return key instanceof Uint ? lookupOf(key.value) : undefined
  }
}

/** Also takes a `double` that is a whole number: all numbers of one value are one key to look up. */
export function lookupKeyOf(key: Value): MapKey | undefined {
  const known = mapKeyOf(key)
  if (known !== undefined || typeof key !== 'object' || key === null) return known
  return 'value' in key && typeof key.value === 'number' ? key.value + 0 : undefined
}

function lookupOf(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** True for both kinds of map. */
export function isMap(value: Value): value is MapValue | { readonly [name: string]: Value } {
  return typeof value === 'object' && value !== null && (value instanceof MapValue || isObjectValue(value))
}

/** What a map has at a key; undefined where it has nothing. */
export function mapGet(map: MapValue | { readonly [name: string]: Value }, key: MapKey): Value | undefined {
  if (map instanceof MapValue) return map.get(key)
  return typeof key === 'string' && Object.hasOwn(map, key) ? map[key] : undefined
}

export function mapKeys(map: MapValue | { readonly [name: string]: Value }): Iterable<Value> {
  return map instanceof MapValue ? map.keys() : Object.keys(map)
}

export function mapSize(map: MapValue | { readonly [name: string]: Value }): number {
  return map instanceof MapValue ? map.size : Object.keys(map).length
}

export function noSuchKey(key: Value): Failure {
  return new Failure(`no such key: ${typeof key === 'object' ? '' : String(key).slice(0, 64)}`.trimEnd())
}
