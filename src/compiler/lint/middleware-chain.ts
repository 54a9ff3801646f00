import { appendPointer, isObject } from '../../domain/index.ts'
import type { SourceDocument } from '../document/index.ts'
import type { Place } from './place.ts'
import { MIDDLEWARES } from './plugin-uses.ts'
import type { RouteNode } from './routes.ts'

/** A middleware by the name and place of its entry. */
export interface ChainEntry {
  readonly name: string
  readonly at: Place
}

/**
 * The middlewares that an operation runs through: those of its root and its own, or none where its list is empty. Of two
 * entries of one name the root's is replaced; for what the names say this makes no difference.
 */
export function chainOf({ root, operation }: Pick<RouteNode, 'root' | 'operation'>): readonly ChainEntry[] {
  const own = operation.value[MIDDLEWARES]
  if (Array.isArray(own) && own.length === 0) return []
  const ofRoot = isObject(root.root) ? root.root[MIDDLEWARES] : undefined
  if (ofRoot === undefined && own === undefined) return NONE
  return [...entriesOf(ofRoot, root, ''), ...entriesOf(own, operation.document, operation.pointer)]
}

const NONE: readonly ChainEntry[] = []

function entriesOf(list: unknown, document: SourceDocument, owner: string): readonly ChainEntry[] {
  if (!Array.isArray(list)) return []
  const at = appendPointer(owner, MIDDLEWARES)
  return list.flatMap((entry: unknown, index) =>
    isObject(entry) && typeof entry['name'] === 'string'
      ? [{ name: entry['name'], at: { document, pointer: appendPointer(at, index) } }]
      : [],
  )
}
