import type { DocumentPin } from './lock.ts'

/**
 * The text of a lock: JSON with one line a document, ordered by URL, so that a review shows what has changed and two
 * branches can be merged.
 */
export function renderLock(documents: ReadonlyMap<string, DocumentPin>): string {
  const lines = [...documents]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([url, { sha256, sizeBytes, mediaType }]) => {
      const pin = `{ "sha256": "${sha256}", "size": ${sizeBytes}, "media_type": ${JSON.stringify(mediaType)} }`
      return `    ${JSON.stringify(url)}: ${pin}`
    })
  const body = lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n  }`
  return `{\n  "version": 1,\n  "documents": ${body}\n}\n`
}
