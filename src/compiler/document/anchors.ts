import { appendPointer, isObject } from '../../domain/index.ts'

/** Members that hold data, in which an `$anchor` is a text like any other. */
const DATA = new Set(['const', 'default', 'enum', 'example', 'examples'])

const known = new WeakMap<object, ReadonlyMap<string, string | undefined>>()

/**
 * The JSON Pointer of the schema of a document that has the given `$anchor` or `$dynamicAnchor` (JSON Schema 2020-12
 * §8.2.2); undefined where none has it, or more than one.
 */
export function findAnchor(root: unknown, name: string): string | undefined {
  if (!isObject(root)) return undefined
  const anchors = known.get(root) ?? collectAnchors(root)
  known.set(root, anchors)
  return anchors.get(name)
}

function collectAnchors(root: Readonly<Record<string, unknown>>): ReadonlyMap<string, string | undefined> {
  const anchors = new Map<string, string | undefined>()
  const seen = new Set<object>()
  const pending: { readonly value: object; readonly pointer: string }[] = [{ value: root, pointer: '' }]
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    const { value, pointer } = item
    if (seen.has(value)) continue
    seen.add(value)
    // Below an `$id` anchors belong to another resource.
    if (pointer !== '' && typeof idOf(value) === 'string') continue
    for (const name of namesOf(value)) anchors.set(name, anchors.has(name) ? undefined : pointer)
    for (const [key, child] of Object.entries(value)) {
      const isWalked = typeof child === 'object' && child !== null && !DATA.has(key)
      if (isWalked) pending.push({ value: child as object, pointer: appendPointer(pointer, key) })
    }
  }
  return anchors
}

function idOf(value: object): unknown {
  return isObject(value) ? value['$id'] : undefined
}

function namesOf(value: object): ReadonlySet<string> {
  if (!isObject(value)) return new Set()
  const names = [value['$anchor'], value['$dynamicAnchor']]
  return new Set(names.filter((name) => typeof name === 'string'))
}
