import { lastToken } from '../../domain/index.ts'
import type { Draft, SchemaPlace } from './draft.ts'
import type { Drafts } from './drafts.ts'
import { printDraft } from './print-draft.ts'

/**
 * The canonical JSON of a draft made self-contained: what it reaches, and nothing else, stands in `$defs`. Names are
 * those of the places, with a number behind them where two are alike, given in the order in which the drafts are reached.
 */
export function printBundle(root: Draft, reached: readonly Draft[]): string {
  const names = reached.length === 0 ? NONE : nameDrafts(reached)
  const nameOf = (key: string) => names.get(key) as string
  const text = printDraft(root, nameOf)
  if (reached.length === 0 || typeof root.schema === 'boolean') return text
  const named = reached.map((draft) => ({ name: nameOf(draft.key), draft }))
  const definitions = named
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, draft }) => `"${name}":${printDraft(draft, nameOf)}`)
  // Of all keywords that are kept, this one is the first by the order of canonical JSON.
  return `{"$defs":{${definitions.join(',')}},${text.slice(1)}`
}

const NONE: ReadonlyMap<string, string> = new Map()

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
    const base = (draft.known.baseName ??= baseNameOf(draft.place))
    let name = base
    for (let number = 2; taken.has(name); number += 1) name = `${base}_${number}`
    taken.add(name)
    names.set(draft.key, name)
  }
  return names
}

/** Characters that need an escape in JSON, in a URI fragment or in a JSON Pointer are replaced. */
function baseNameOf({ document, pointer }: SchemaPlace): string {
  const written = (lastToken(pointer) ?? stemOf(document.path)).replaceAll(/[^\w.-]/g, '_')
  return written === '' || written === '__proto__' ? 'schema' : written
}

function stemOf(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.[^.]*$/, '')
}
