import { posix } from 'node:path'

import { isRemoteDocument } from '../../domain/index.ts'
import { pathOfUri, resolveUri } from './identifier.ts'
import type { Registry } from './registry.ts'
import { resourceAt, resourceOfRoot, type Place } from './resource.ts'

/** Where a `$ref` points to. */
export type ReferenceTarget =
  | DocumentTarget
  /** Something that nothing is fetched from. */
  | { readonly kind: 'remote'; readonly url: string; readonly reason: string }
  | { readonly kind: 'outside'; readonly path: string }
  | { readonly kind: 'malformed' }
  /** Relative to a URI without folders. */
  | { readonly kind: 'baseless'; readonly base: string }

/** A document: the path of a file of the project, or the URL (without fragment) of one to be fetched. */
interface DocumentTarget {
  readonly kind: 'file'
  readonly path: string
  /** JSON Pointer of the resource within the document that the fragment belongs to. */
  readonly within: string
  readonly fragment: string
}

const MALFORMED: ReferenceTarget = { kind: 'malformed' }

/**
 * Reads a `$ref` (RFC 3986 §4.2 with a JSON Pointer or anchor as fragment) relative to the document that it stands in.
 *
 * @param from project-relative POSIX path of that document, or its URL.
 */
export function parseReference(from: string, ref: string): ReferenceTarget {
  const { location, fragment } = splitReference(ref)
  if (fragment === undefined) return MALFORMED
  if (location === '') return documentAt(from, fragment)
  if (isRemoteDocument(from)) return parseUrl(location, fragment, from)
  if (isAbsolute(location)) return parseUrl(location, fragment)
  const decoded = decodePercent(location)
  if (decoded === undefined || decoded.includes('\0')) return MALFORMED
  if (decoded.startsWith('/')) return { kind: 'outside', path: decoded }
  return fileAt(posix.join(posix.dirname(from), decoded), fragment, decoded)
}

/**
 * Reads a `$ref` by the resource that it stands in. What calls itself by the URI that is meant (`$self`, `$id`) is
 * meant; else a file of the project: one that lies to the file of the reference as the URI lies to what that calls
 * itself, so that descriptions with an address can name their neighbours. A document of the network has no such
 * neighbours: what it means is a URL.
 */
export function readReference(from: Place, ref: string, registry: Pick<Registry, 'get'>): ReferenceTarget {
  const { location, fragment } = splitReference(ref)
  if (fragment === undefined) return MALFORMED
  const resource = resourceAt(from)
  const { path } = from.document
  if (location === '') return documentAt(path, fragment, resource.pointer)
  const uri = resolveUri(resource.uri, location)
  const named = uri === undefined ? undefined : registry.get(uri)
  if (named !== undefined) return documentAt(named.document.path, fragment, named.pointer)
  const isRemote = isRemoteDocument(path)
  const isUnnamed = (isRemote ? resource.uri : pathOfUri(resource.uri)) === path
  if (isUnnamed || /^[a-z][a-z\d+.-]*:/i.test(location)) return parseReference(path, ref)
  if (uri === undefined) return { kind: 'baseless', base: resource.uri }
  if (isRemote) return parseUrl(uri, fragment, path)
  const neighbour = pathOfUri(uri) ?? neighbourOf(path, resourceOfRoot(from.document).uri, uri)
  return neighbour === undefined ? parseUrl(uri, fragment) : fileAt(neighbour, fragment, ref)
}

/** The path that lies to another as their URIs do; undefined where those have no folders in common. */
function neighbourOf(path: string, base: string, uri: string): string | undefined {
  const [from, to] = [new URL(base), new URL(uri)]
  const isNear = from.host !== '' && from.origin === to.origin && to.search === ''
  if (!isNear) return undefined
  const way = decodePercent(posix.relative(posix.dirname(from.pathname), to.pathname))
  return way === undefined ? undefined : posix.join(posix.dirname(path), way)
}

function documentAt(path: string, fragment: string, within = ''): DocumentTarget {
  return { kind: 'file', path, within, fragment }
}

function fileAt(path: string, fragment: string, written: string): ReferenceTarget {
  const isOutside = path === '..' || path.startsWith('../')
  return isOutside ? { kind: 'outside', path: written } : documentAt(path, fragment)
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
  return documentAt(url.href, fragment)
}

function splitReference(ref: string): { readonly location: string; readonly fragment: string | undefined } {
  const hash = ref.indexOf('#')
  return hash === -1
    ? { location: ref, fragment: '' }
    : { location: ref.slice(0, hash), fragment: decodePercent(ref.slice(hash + 1)) }
}

function isAbsolute(location: string): boolean {
  return /^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(location)
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
