import { resolvePointer } from '../../domain/index.ts'
import type { DocumentSet, Place, Resolved } from '../document/index.ts'

/**
 * Where the dynamic anchors lead to that a validator has come by on its way to a schema: for each name, the place in
 * the outermost schema resource that has it (JSON Schema 2020-12 core §8.2.3.2). It follows from the references alone,
 * so that a `$dynamicRef` is a `$ref` for each way to it.
 */
export interface DynamicScope {
  readonly anchors: ReadonlyMap<string, Place>
  /** The same for scopes that lead to the same places; empty without any. */
  readonly key: string
}

export const EMPTY_SCOPE: DynamicScope = { anchors: new Map(), key: '' }

/** The scope within the resource that a place belongs to. */
export function enterResource(scope: DynamicScope, place: Place, set: DocumentSet): DynamicScope {
  const { document, pointer, dynamicAnchors } = set.resourceAt(place)
  const added = [...dynamicAnchors].filter(([name]) => !scope.anchors.has(name))
  if (added.length === 0) return scope
  const anchors = new Map(scope.anchors)
  for (const [name, at] of added) anchors.set(name, { document, pointer: pointer + at })
  const key = [...anchors].map(([name, at]) => `${name}=${at.document.path}#${at.pointer}`).toSorted()
  return { anchors, key: JSON.stringify(key) }
}

/** What a `$dynamicRef` leads to where it leads to `target` by itself. */
export function resolveDynamic(target: Resolved, { anchors }: DynamicScope): Resolved {
  const outermost = target.dynamicAnchor === undefined ? undefined : anchors.get(target.dynamicAnchor)
  if (outermost === undefined) return target
  return { ...outermost, value: resolvePointer(outermost.document.root, outermost.pointer) }
}
