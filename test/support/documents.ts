import assert from 'node:assert/strict'

import {
  createDocumentSet,
  readSource,
  type DocumentSet,
  type SourceDocument,
} from '../../src/compiler/document/index.ts'

/** The document set of files by path; those that begin with `openapi` are the roots. */
export function documentSet(files: Readonly<Record<string, string>>): DocumentSet {
  const documents = new Map<string, SourceDocument>()
  for (const [path, text] of Object.entries(files)) {
    const { document, findings } = readSource(path, Buffer.from(text))
    assert.deepEqual(findings, [], path)
    assert.ok(document)
    documents.set(path, document)
  }
  const roots = [...documents.values()].filter(({ text }) => /^\{?\s*"?openapi/.test(text))
  return createDocumentSet(roots, documents)
}
