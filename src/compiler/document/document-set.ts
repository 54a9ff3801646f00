import { resolvePointer } from '../../domain/index.ts'
import { anchorsOf } from './anchors.ts'
import { createRegistry } from './registry.ts'
import { createResolver, type Resolved, type Resolver } from './resolver.ts'
import { resourceAt, resourcesOf, type Place, type Resource } from './resource.ts'
import type { SourceDocument } from './source-document.ts'
import { recordGraph, type ObjectGraph } from './walk.ts'

/** The root documents of a project and every file that they refer to. */
export interface DocumentSet extends Resolver {
  readonly roots: readonly SourceDocument[]
  /** Roots and referenced files by project-relative path. */
  readonly documents: ReadonlyMap<string, SourceDocument>
  /** What the roots reach; walked once, when it is first asked for. */
  readonly graph: () => ObjectGraph
  /** The part of a document, with its dynamic anchors, that references at a place are relative to. */
  readonly resourceAt: (place: Place) => Resource & { readonly dynamicAnchors: ReadonlyMap<string, string> }
  /** Every schema with a `$dynamicAnchor` of the name: a `$dynamicRef` to one of them may lead to any. */
  readonly dynamicAnchors: (name: string) => readonly Resolved[]
}

/** @param recorded the graph of the roots, where it has been walked already. */
export function createDocumentSet(
  roots: readonly SourceDocument[],
  documents: ReadonlyMap<string, SourceDocument>,
  recorded?: ObjectGraph,
): DocumentSet {
  const resolver = createResolver(documents, createRegistry(documents.values()))
  let graph = recorded
  return {
    ...resolver,
    roots,
    documents,
    graph: () => (graph ??= recordGraph(roots, resolver.resolve)),
    resourceAt: (place) => {
      const resource = resourceAt(place)
      return { ...resource, dynamicAnchors: anchorsOf(resource.value).dynamic }
    },
    dynamicAnchors: (name) => [...documents.values()].flatMap((document) => dynamicAnchorsOf(document, name)),
  }
}

function dynamicAnchorsOf(document: SourceDocument, name: string): readonly Resolved[] {
  if (!document.mentions('$dynamicAnchor')) return []
  return resourcesOf(document).flatMap(({ pointer: within, value: resource }) => {
    const at = anchorsOf(resource).dynamic.get(name)
    if (at === undefined) return []
    const pointer = within + at
    return [{ document, pointer, value: resolvePointer(document.root, pointer) }]
  })
}
