import { resolvePointer } from '../../domain/index.ts'
import { anchorsOf } from './anchors.ts'
import { readReference, type ReferenceTarget } from './reference.ts'
import type { Registry } from './registry.ts'
import { resourceAt, type Place } from './resource.ts'
import type { SourceDocument } from './source-document.ts'

/** Where a reference leads to. */
export interface Resolved extends Place {
  readonly value: unknown
  /** The name of the `$dynamicAnchor` that the reference names, if it names one. */
  readonly dynamicAnchor?: string
}

export type Resolve = (from: Place, ref: string) => Resolved | undefined

/** Follows references. */
export interface Resolver {
  /**
   * Follows one `$ref` (file or identifier, and JSON Pointer or anchor) from the place that it stands at; undefined
   * where it leads nowhere.
   */
  readonly resolve: Resolve
  /** Which file a reference names, whether it is there or not. */
  readonly targetOf: (from: Place, ref: string) => ReferenceTarget
}

interface Documents {
  readonly get: (path: string) => SourceDocument | undefined
}

interface Known {
  readonly target: ReferenceTarget
  readonly resolved: Resolved | undefined
}

/** Resolves references among documents that no longer change: each that is written alike, once a resource. */
export function createResolver(documents: Documents, registry: Pick<Registry, 'get'>): Resolver {
  const known = new Map<SourceDocument, Map<string, Known>>()
  const look = (from: Place, ref: string): Known => {
    const { document } = from
    let ofDocument = known.get(document)
    if (ofDocument === undefined) known.set(document, (ofDocument = new Map()))
    // Without an `$id` the place makes no difference, and is not asked for.
    const key = document.mentions('$id') ? `${resourceAt(from).pointer} ${ref}` : ref
    let found = ofDocument.get(key)
    if (found === undefined) {
      const target = readReference(from, ref, registry)
      ofDocument.set(key, (found = { target, resolved: resolveTarget(documents, from, target) }))
    }
    return found
  }
  return {
    resolve: (from, ref) => look(from, ref).resolved,
    targetOf: (from, ref) => look(from, ref).target,
  }
}

/** What stands where a reference points to. */
function resolveTarget(documents: Documents, from: Place, target: ReferenceTarget): Resolved | undefined {
  if (target.kind !== 'file') return undefined
  const document = target.path === from.document.path ? from.document : documents.get(target.path)
  if (document === undefined) return undefined
  const { within, fragment } = target
  if (fragment === '' || fragment.startsWith('/')) return valueAt(document, within + fragment)
  const anchors = anchorsOf(resolvePointer(document.root, within))
  const pointer = anchors.all.get(fragment)
  const resolved = pointer === undefined ? undefined : valueAt(document, within + pointer)
  const isDynamic = anchors.dynamic.has(fragment)
  return resolved !== undefined && isDynamic ? { ...resolved, dynamicAnchor: fragment } : resolved
}

function valueAt(document: SourceDocument, pointer: string): Resolved | undefined {
  const value = resolvePointer(document.root, pointer)
  return value === undefined ? undefined : { document, pointer, value }
}
