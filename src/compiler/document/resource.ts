import { appendPointer, parsePointer } from '../../domain/index.ts'
import { identifierOf, identifierOfRoot, resolveUri, uriOfPath } from './identifier.ts'
import { schemaObjects } from './schema-objects.ts'
import type { SourceDocument } from './source-document.ts'

/** A place in a document. */
export interface Place {
  readonly document: SourceDocument
  readonly pointer: string
}

/**
 * A part of a document that references are relative to: the document as a whole, or a schema with an `$id`
 * (JSON Schema 2020-12 §8.2.1).
 */
export interface Resource extends Place {
  /** Absolute, without a fragment. */
  readonly uri: string
  readonly value: unknown
}

/** The resource that a place belongs to. */
export function resourceAt({ document, pointer }: Place): Resource {
  let resource = resourceOfRoot(document)
  if (pointer === '' || !document.mentions('$id')) return resource
  let value = document.root
  let at = ''
  for (const token of parsePointer(pointer)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) break
    value = (value as Readonly<Record<string, unknown>>)[token]
    at = appendPointer(at, token)
    const id = identifierOf(value)
    if (id !== undefined) {
      resource = { uri: resolveUri(resource.uri, id) ?? resource.uri, document, pointer: at, value }
    }
  }
  return resource
}

/** The URI alone, without the document: whatever is kept here stays until the next full garbage collection. */
const uris = new WeakMap<SourceDocument, string>()

/** The resource that a document is as a whole. */
export function resourceOfRoot(document: SourceDocument): Resource {
  let uri = uris.get(document)
  if (uri === undefined) {
    const retrieval = uriOfPath(document.path)
    uri = resolveUri(retrieval, identifierOfRoot(document.root) ?? '') ?? retrieval
    uris.set(document, uri)
  }
  return { uri, document, pointer: '', value: document.root }
}

/** All resources of a document. */
export function resourcesOf(document: SourceDocument): readonly Resource[] {
  return [resourceOfRoot(document), ...embeddedResources(document)]
}

/** The resources of a document that have a name beside the path of the file. */
export function identifiedResources(document: SourceDocument): readonly Resource[] {
  const root = identifierOfRoot(document.root) === undefined ? [] : [resourceOfRoot(document)]
  return [...root, ...embeddedResources(document)]
}

function embeddedResources(document: SourceDocument): readonly Resource[] {
  if (!document.mentions('$id')) return []
  return [...schemaObjects(document.root)].flatMap(({ value, pointer }) =>
    pointer === '' || identifierOf(value) === undefined ? [] : [resourceAt({ document, pointer })],
  )
}
