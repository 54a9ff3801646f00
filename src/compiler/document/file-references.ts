import type { DocumentSet } from './document-set.ts'

/** Which file refers to which, through the whole object graph: files that are missing or broken are named too. */
export function fileReferences(set: DocumentSet): ReadonlyMap<string, ReadonlySet<string>> {
  const references = new Map<string, Set<string>>()
  for (const { node, ref } of set.graph().references) {
    const from = node.document.path
    const target = set.targetOf(node, ref)
    if (target.kind !== 'file' || target.path === from) continue
    const known = references.get(from)
    if (known === undefined) references.set(from, new Set([target.path]))
    else known.add(target.path)
  }
  return references
}

/** A file and every file that it reaches, through any number of files. */
export function reachableFiles(
  references: ReadonlyMap<string, ReadonlySet<string>>,
  start: string,
): ReadonlySet<string> {
  // A set that grows while it is walked gives what was added too.
  const reached = new Set([start])
  for (const file of reached) for (const target of references.get(file) ?? []) reached.add(target)
  return reached
}
