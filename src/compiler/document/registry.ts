import { identifiedResources, type Resource } from './resource.ts'
import type { SourceDocument } from './source-document.ts'

/** The resources of known documents by what they call themselves. */
export interface Registry {
  readonly get: (uri: string) => Resource | undefined
  /** @returns true where the document has names that were not known. */
  readonly add: (document: SourceDocument) => boolean
}

export function createRegistry(documents: Iterable<SourceDocument> = []): Registry {
  const resources = new Map<string, Resource>()
  const added = new Set<SourceDocument>()
  const add = (document: SourceDocument): boolean => {
    if (added.has(document)) return false
    added.add(document)
    const before = resources.size
    for (const resource of identifiedResources(document)) {
      if (!resources.has(resource.uri)) resources.set(resource.uri, resource)
    }
    return resources.size > before
  }
  for (const document of documents) add(document)
  return { get: (uri) => resources.get(uri), add }
}
