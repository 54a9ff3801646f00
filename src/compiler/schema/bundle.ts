import { parsePointer, type JsonObject, type JsonSchema, type JsonValue } from '../../domain/index.ts'
import { DraftTarget, type Draft, type DraftValue } from './draft.ts'
import type { Drafts } from './drafts.ts'

/** A self-contained schema and the drafts that its `$defs` were made from, by name. */
export interface Bundle {
  readonly schema: JsonSchema
  readonly definitions: ReadonlyMap<string, Draft>
}

/**
 * Makes a draft self-contained: what it reaches, and nothing else, stands in `$defs`. Names are those of the places,
 * with a number behind them where two are alike, given in the order in which the drafts are reached.
 */
export function bundle(root: Draft, reached: readonly Draft[]): Bundle {
  const names = nameDrafts(reached)
  const definitions = new Map(reached.map((draft) => [names.get(draft.key) as string, draft]))
  const schema = materialise(root.schema, names) as JsonSchema
  if (typeof schema === 'boolean' || reached.length === 0) return { schema, definitions }
  const $defs = Object.fromEntries(
    [...definitions].map(([name, draft]) => [name, materialise(draft.schema, names)]),
  )
  return { schema: { ...schema, $defs }, definitions }
}

/** The drafts that one reaches, in the order in which they are met; undefined where there are more than the limit. */
export function reachDrafts(root: Draft, drafts: Drafts, limit: number): readonly Draft[] | undefined {
  const reached = new Map<string, Draft>()
  const stack = root.uses.toReversed()
  for (let use = stack.pop(); use !== undefined; use = stack.pop()) {
    if (reached.has(use.key)) continue
    if (reached.size === limit) return undefined
    const draft = drafts.get(use.key)
    reached.set(use.key, draft)
    stack.push(...draft.uses.toReversed())
  }
  return [...reached.values()]
}

function nameDrafts(drafts: readonly Draft[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  for (const draft of drafts) {
    const base = baseName(draft)
    let name = base
    for (let number = 2; taken.has(name); number += 1) name = `${base}_${number}`
    taken.add(name)
    names.set(draft.key, name)
  }
  return names
}

/** Characters that need an escape in a URI fragment or a JSON Pointer are replaced. */
function baseName({ place }: Draft): string {
  const file = place.document.path.replace(/^.*\//, '').replace(/\.[^.]*$/, '')
  const name = (parsePointer(place.pointer).at(-1) ?? file).replaceAll(/[^\w.-]/g, '_')
  return name === '' || name === '__proto__' ? 'schema' : name
}

function materialise(value: DraftValue, names: ReadonlyMap<string, string>): JsonValue {
  if (value instanceof DraftTarget) return `#/$defs/${names.get(value.key)}`
  if (Array.isArray(value)) return (value as readonly DraftValue[]).map((item) => materialise(item, names))
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([key, member]) => [key, materialise(member, names)])
  return Object.fromEntries(members) as JsonObject
}
