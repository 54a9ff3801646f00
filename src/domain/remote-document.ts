import { sha256Hex } from './digest.ts'

/** Where documents that are fetched stand among the inputs; no file of a project may be a description there. */
export const REMOTE_DOCUMENTS_FOLDER = '.barbacane/remote'

/** True where what a document is called by is not a path of the project but a URL that it is fetched from. */
export function isRemoteDocument(name: string): boolean {
  return name.startsWith('https://') || name.startsWith('http://')
}

/**
 * The path of the input that is the document fetched from a URL: it follows from the URL alone and keeps the last
 * segment, so that people know it again.
 */
export function remoteDocumentPath(url: string): string {
  const { pathname } = new URL(url)
  const name = (pathname.split('/').at(-1) ?? '').replaceAll(/[^A-Za-z0-9._-]/g, '-').slice(-64)
  return `${REMOTE_DOCUMENTS_FOLDER}/${sha256Hex(url)}/${/^\.*$/.test(name) ? 'document' : name}`
}
