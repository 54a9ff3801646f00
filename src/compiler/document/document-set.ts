import { resolvePointer } from '../../domain/index.ts'
import { findAnchor } from './anchors.ts'
import { parseReference } from './reference.ts'
import type { SourceDocument } from './source-document.ts'
import { recordGraph, type ObjectGraph } from './walk.ts'

/** Where a reference leads to. */
export interface Resolved {
  readonly document: SourceDocument
  readonly pointer: string
  readonly value: unknown
}

/** The root documents of a project and every file that they refer to. */
export interface DocumentSet {
  readonly roots: readonly SourceDocument[]
  /** Roots and referenced files by project-relative path. */
  readonly documents: ReadonlyMap<string, SourceDocument>
  /** Follows one `$ref` (file, and JSON Pointer or anchor) from the document it stands in; undefined where it leads nowhere. */
  readonly resolve: Resolve
  /** What the roots reach; walked once, when it is first asked for. */
  readonly graph: () => ObjectGraph
}

export type Resolve = (from: SourceDocument, ref: string) => Resolved | undefined

/** @param recorded the graph of the roots, where it has been walked already. */
export function createDocumentSet(
  roots: readonly SourceDocument[],
  documents: ReadonlyMap<string, SourceDocument>,
  recorded?: ObjectGraph,
): DocumentSet {
  const resolve = createResolver(documents)
  let graph = recorded
  return { roots, documents, resolve, graph: () => (graph ??= recordGraph(roots, resolve)) }
}

/** Resolves references among documents that no longer change: each that is written alike, once a document. */
export function createResolver(documents: {
  readonly get: (path: string) => SourceDocument | undefined
}): Resolve {
  const known = new Map<SourceDocument, Map<string, Resolved | undefined>>()
  return (from, ref) => {
    let ofDocument = known.get(from)
    if (ofDocument === undefined) known.set(from, (ofDocument = new Map()))
    const resolved = ofDocument.get(ref)
    if (resolved !== undefined || ofDocument.has(ref)) return resolved
    const found = resolveReference(documents, from, ref)
    ofDocument.set(ref, found)
    return found
  }
}

function resolveReference(
  documents: { readonly get: (path: string) => SourceDocument | undefined },
  from: SourceDocument,
  ref: string,
): Resolved | undefined {
  const target = parseReference(from.path, ref)
  if (target.kind !== 'file') return undefined
  const document = target.path === from.path ? from : documents.get(target.path)
  if (document === undefined) return undefined
  const { fragment } = target
  const isPointer = fragment === '' || fragment.startsWith('/')
  const pointer = isPointer ? fragment : findAnchor(document.root, fragment)
  const value = pointer === undefined ? undefined : resolvePointer(document.root, pointer)
  return pointer === undefined || value === undefined ? undefined : { document, pointer, value }
}
