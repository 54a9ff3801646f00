import { readSource } from './source-document.ts'

/** Reads the bytes of a document, which are at a path or a URL. */
export type ReadSource = typeof readSource

/**
 * Remembers documents from one load to the next, so that only those whose bytes have changed are parsed again. What it
 * gives is what `readSource` would give: a document follows from its path and its bytes alone, and nobody changes one.
 */
export interface DocumentCache {
  /** Begins a load: what the load before has read is known, and what this one does not read is forgotten. */
  readonly begin: () => ReadSource
}

export function createDocumentCache(): DocumentCache {
  let kept = new Map<string, { readonly bytes: Uint8Array; readonly source: ReturnType<ReadSource> }>()
  return {
    begin: () => {
      const before = kept
      const used: typeof kept = new Map()
      kept = used
      return (path, bytes) => {
        const known = before.get(path)
        const isSame = known !== undefined && Buffer.compare(known.bytes, bytes) === 0
        const entry = isSame ? known : { bytes, source: readSource(path, bytes) }
        used.set(path, entry)
        return entry.source
      }
    },
  }
}
