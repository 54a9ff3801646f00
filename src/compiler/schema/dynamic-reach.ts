import { objectGraph, type DocumentSet } from '../document/index.ts'

/**
 * Tells which schemas come, by what they hold and refer to, to a `$dynamicRef`. For all others it makes no difference
 * on which way they were reached.
 */
export function createDynamicReach(set: DocumentSet): (schema: unknown) => boolean {
  if (![...set.documents.values()].some((document) => document.mentions('$dynamicRef'))) return () => false
  const holders = new Map<unknown, unknown[]>()
  const reaching = new Set<unknown>()
  const hold = (holder: unknown, held: unknown): void => {
    const known = holders.get(held)
    if (known === undefined) holders.set(held, [holder])
    else known.push(holder)
  }
  const { nodes, references } = set.graph()
  for (const { type, value } of nodes) {
    if (type !== 'schema' && type !== 'payload') continue
    if (typeof value['$dynamicRef'] === 'string') reaching.add(value)
    for (const part of partsOf(value)) hold(value, part)
  }
  for (const { node, target } of references) if (target !== undefined) hold(node.value, target.value)
  // A set that grows while it is walked gives what was added too.
  for (const schema of reaching) for (const holder of holders.get(schema) ?? []) reaching.add(holder)
  return (schema) => reaching.has(schema)
}

/** The schemas that stand in a schema. */
function partsOf(schema: Readonly<Record<string, unknown>>): readonly unknown[] {
  return Object.entries(schema).flatMap(([key, member]) => {
    const edge = objectGraph.schema.members.get(key)
    if (edge === undefined || typeof member !== 'object' || member === null) return []
    const held: readonly unknown[] = Object.values(member)
    return edge.shape === 'one' ? [member, ...held] : held
  })
}
