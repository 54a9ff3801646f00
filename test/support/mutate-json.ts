import { appendPointer, isObject, type JsonValue } from '../../src/domain/index.ts'

export interface Mutation {
  /** JSON Pointer of the changed place. */
  readonly pointer: string
  readonly change: 'flipped' | 'removed' | 'added'
  readonly value: JsonValue
}

/**
 * Every way to change one place of a JSON document: each scalar altered (of a string one character each at the start,
 * in the middle and at the end), each member and item removed, a member added to each object.
 */
export function mutationsOf(value: JsonValue, pointer = ''): Mutation[] {
  if (Array.isArray(value)) {
    return value.flatMap((item: JsonValue, index) => [
      { pointer: `${pointer}/${index}`, change: 'removed' as const, value: value.toSpliced(index, 1) },
      ...wrap(mutationsOf(item, `${pointer}/${index}`), (changed) => value.with(index, changed)),
    ])
  }
  if (isObject(value)) {
    const object = value as Record<string, JsonValue>
    const members = Object.entries(object).flatMap(([key, member]) => {
      const { [key]: _, ...rest } = object
      const place = appendPointer(pointer, key)
      return [
        { pointer: place, change: 'removed' as const, value: rest },
        ...wrap(mutationsOf(member, place), (changed) => ({ ...object, [key]: changed })),
      ]
    })
    return [...members, { pointer, change: 'added', value: { ...object, unexpected: true } }]
  }
  return flips(value).map((flipped) => ({ pointer, change: 'flipped', value: flipped }))
}

function wrap(mutations: Mutation[], into: (changed: JsonValue) => JsonValue): Mutation[] {
  return mutations.map((mutation) => ({ ...mutation, value: into(mutation.value) }))
}

function flips(value: JsonValue): JsonValue[] {
  if (typeof value === 'boolean') return [!value]
  if (typeof value === 'number') return [value + 1]
  if (typeof value !== 'string') return ['something']
  if (value === '') return ['x']
  const places = new Set([0, Math.floor(value.length / 2), value.length - 1])
  return [...places].map(
    (at) => `${value.slice(0, at)}${flipCharacter(value[at] as string)}${value.slice(at + 1)}`,
  )
}

function flipCharacter(character: string): string {
  if (/[0-9a-f]/.test(character)) return character === '0' ? '1' : '0'
  return character === 'A' ? 'B' : 'A'
}
