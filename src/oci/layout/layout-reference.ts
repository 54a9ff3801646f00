import { isDigest, type Digest } from '../../domain/index.ts'

/** An image in a layout: where the layout is and which image is meant. */
export interface LayoutReference {
  readonly path: string
  readonly tag?: string
  readonly digest?: Digest
}

const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/

/**
 * Reads a path, or `oci:PATH`, `oci:PATH:TAG`, `oci:PATH@sha256:DIGEST` (the notation of skopeo); only with the
 * prefix can a tag or digest follow.
 */
export function parseLayoutReference(text: string): LayoutReference {
  const prefix = ['oci:', 'oci-archive:'].find((name) => text.startsWith(name))
  if (prefix === undefined) return { path: text }
  const rest = text.slice(prefix.length)
  const at = rest.lastIndexOf('@')
  const digest = rest.slice(at + 1)
  if (at > 0 && isDigest(digest)) return { path: rest.slice(0, at), digest }
  const colon = rest.lastIndexOf(':')
  const tag = rest.slice(colon + 1)
  return colon > 0 && TAG.test(tag) ? { path: rest.slice(0, colon), tag } : { path: rest }
}
