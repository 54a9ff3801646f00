import { resolvePointer } from '../../domain/index.ts'
import { findAnchor } from './anchors.ts'
import { parseReference } from './reference.ts'
import type { SourceDocument } from './source-document.ts'

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
  readonly resolve: (from: SourceDocument, ref: string) => Resolved | undefined
}

export function createDocumentSet(
  roots: readonly SourceDocument[],
  documents: ReadonlyMap<string, SourceDocument>,
): DocumentSet {
  return { roots, documents, resolve: (from, ref) => resolveReference(documents, from, ref) }
}

export function resolveReference(
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
