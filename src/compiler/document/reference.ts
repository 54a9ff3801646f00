import { posix } from 'node:path'

import { isRemoteDocument } from '../../domain/index.ts'

/** Where a `$ref` points to. */
export type ReferenceTarget =
  /** A document: the path of a file of the project, or the URL (without fragment) of one to be fetched. */
  | { readonly kind: 'file'; readonly path: string; readonly fragment: string }
  /** Something that nothing is fetched from. */
  | { readonly kind: 'remote'; readonly url: string; readonly reason: string }
  | { readonly kind: 'outside'; readonly path: string }
  | { readonly kind: 'malformed' }

const MALFORMED: ReferenceTarget = { kind: 'malformed' }

/**
 * Reads a `$ref` (RFC 3986 §4.2 with a JSON Pointer or anchor as fragment) relative to the document that it stands in.
 *
 * @param from project-relative POSIX path of that document, or its URL.
 */
export function parseReference(from: string, ref: string): ReferenceTarget {
  const hash = ref.indexOf('#')
  const location = hash === -1 ? ref : ref.slice(0, hash)
  const fragment = decodePercent(hash === -1 ? '' : ref.slice(hash + 1))
  if (fragment === undefined) return MALFORMED
  if (location === '') return { kind: 'file', path: from, fragment }
  if (isRemoteDocument(from)) return parseUrl(location, fragment, from)
  if (/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(location)) return parseUrl(location, fragment)
  const decoded = decodePercent(location)
  if (decoded === undefined || decoded.includes('\0')) return MALFORMED
  const path = posix.join(posix.dirname(from), decoded)
  const isOutside = decoded.startsWith('/') || path === '..' || path.startsWith('../')
  return isOutside ? { kind: 'outside', path: decoded } : { kind: 'file', path, fragment }
}

/** A document of the network may name others of the network, relative to itself; never a file. */
function parseUrl(location: string, fragment: string, base?: string): ReferenceTarget {
  if (/^file:/i.test(location)) {
    return base === undefined
      ? { kind: 'outside', path: location }
      : { kind: 'remote', url: location, reason: 'what stands in the network may not lead to files' }
  }
  if (!URL.canParse(location, base)) {
    const isSchemeMissing = location.startsWith('//')
    return isSchemeMissing ? { kind: 'remote', url: location, reason: 'it names no scheme' } : MALFORMED
  }
  const url = new URL(location, base)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { kind: 'remote', url: location, reason: `nothing is fetched by ${url.protocol}` }
  if (url.username !== '' || url.password !== '')
    return {
      kind: 'remote',
      url: `${url.origin}${url.pathname}`,
      reason: 'its URL holds credentials, which everybody reads who reads the description',
    }
  return { kind: 'file', path: url.href, fragment }
}

function decodePercent(text: string): string | undefined {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}
