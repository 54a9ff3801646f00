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
  /** What was worked out of the set, by the function that did: for `oncePerSet` alone. */
  readonly kept: Map<unknown, unknown>
}

/** @param recorded the graph of the roots, where it has been walked already. */
export function createDocumentSet(
  roots: readonly SourceDocument[],
  documents: ReadonlyMap<string, SourceDocument>,
  recorded?: ObjectGraph,
): DocumentSet {
  const resolver = createResolver(documents, createRegistry(documents.values()))
  let graph = recorded
  let dynamicAnchors: ReadonlyMap<string, readonly Resolved[]> | undefined
  return {
    ...resolver,
    roots,
    documents,
    graph: () => (graph ??= recordGraph(roots, resolver.resolve)),
    resourceAt: (place) => {
      const resource = resourceAt(place)
      return { ...resource, dynamicAnchors: anchorsOf(resource.value).dynamic }
    },
    dynamicAnchors: (name) => (dynamicAnchors ??= collectDynamicAnchors(documents)).get(name) ?? [],
    kept: new Map(),
  }
}

function collectDynamicAnchors(
  documents: ReadonlyMap<string, SourceDocument>,
): ReadonlyMap<string, readonly Resolved[]> {
  const anchors = new Map<string, Resolved[]>()
  for (const document of documents.values()) {
    if (!document.mentions('$dynamicAnchor')) continue
    for (const { pointer: within, value: resource } of resourcesOf(document)) {
      for (const [name, at] of anchorsOf(resource).dynamic) {
        const pointer = within + at
        const found = { document, pointer, value: resolvePointer(document.root, pointer) }
        const known = anchors.get(name)
        if (known === undefined) anchors.set(name, [found])
        else known.push(found)
      }
    }
  }
  return anchors
}
