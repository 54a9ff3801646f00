import { posix } from 'node:path'

/** Where a `$ref` points to. */
export type ReferenceTarget =
  | { readonly kind: 'file'; readonly path: string; readonly fragment: string }
  | { readonly kind: 'remote'; readonly url: string }
  | { readonly kind: 'outside'; readonly path: string }
  | { readonly kind: 'malformed' }

/**
 * Reads a `$ref` (RFC 3986 §4.2 with a JSON Pointer or anchor as fragment) relative to the file that it stands in.
 *
 * @param from project-relative POSIX path of that file.
 */
export function parseReference(from: string, ref: string): ReferenceTarget {
  const hash = ref.indexOf('#')
  const location = hash === -1 ? ref : ref.slice(0, hash)
  const fragment = decodePercent(hash === -1 ? '' : ref.slice(hash + 1))
  if (fragment === undefined) return { kind: 'malformed' }
  if (location === '') return { kind: 'file', path: from, fragment }
  if (/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(location)) {
    return /^file:/i.test(location) ? { kind: 'outside', path: location } : { kind: 'remote', url: location }
  }
  const decoded = decodePercent(location)
  if (decoded === undefined || decoded.includes('\0')) return { kind: 'malformed' }
  const path = posix.join(posix.dirname(from), decoded)
  const isOutside = decoded.startsWith('/') || path === '..' || path.startsWith('../')
  return isOutside ? { kind: 'outside', path: decoded } : { kind: 'file', path, fragment }
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
