import { isObject } from '../../../domain/index.ts'

/** A text that two JSON values have in common exactly where they are equal (JSON Schema 2020-12 core §4.2.2). */
export function jsonKey(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonKey).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value === 0 ? 0 : value)
  const members = Object.keys(value)
    .toSorted()
    .map((name) => `${JSON.stringify(name)}:${jsonKey(value[name])}`)
  return `{${members.join(',')}}`
}

/** The positions of two items that are equal, the later first; in time that grows with the text of the list. */
export function findDuplicate(items: readonly unknown[]): readonly [number, number] | undefined {
  const positions = new Map<unknown, number>()
  for (const [index, item] of items.entries()) {
    const isScalar = typeof item === 'number' || typeof item === 'boolean' || item === null
    // Texts get a mark, so that none is the key of another value.
    const key = isScalar ? item : typeof item === 'string' ? `"${item}` : jsonKey(item)
    const first = positions.get(key)
    if (first !== undefined) return [index, first]
    positions.set(key, index)
  }
  return undefined
}
