import { isObject, isRemoteDocument } from '../../domain/index.ts'

/** Stands for the project root; `.invalid` is reserved (RFC 6761 §6.4), so that nothing can ever be fetched from it. */
const PROJECT_URI = 'https://project.invalid/'

/** The URI of a document by its path; what it is looked for by as long as it does not name itself. */
export function uriOfPath(path: string): string {
  if (isRemoteDocument(path)) return path
  return PROJECT_URI + path.split('/').map(encodeURIComponent).join('/')
}

/** The path of the file of the project that a URI stands for. */
export function pathOfUri(uri: string): string | undefined {
  if (!uri.startsWith(PROJECT_URI)) return undefined
  const path = uri.slice(PROJECT_URI.length)
  return /%(?![\da-f]{2})/i.test(path) ? undefined : decodeURIComponent(path)
}

/** The `$id` by which a schema begins a resource of its own; one that is a fragment only, as of draft 7, does not. */
export function identifierOf(value: unknown): string | undefined {
  const id = isObject(value) ? value['$id'] : undefined
  return typeof id === 'string' && !id.startsWith('#') ? id : undefined
}

/** Whether references below a schema are relative to itself. */
export function beginsResource(value: unknown): boolean {
  return identifierOf(value) !== undefined
}

/** What a whole document calls itself: an OpenAPI description by `$self` (3.2 §4.1.2), a schema by `$id`. */
export function identifierOfRoot(root: unknown): string | undefined {
  if (!isObject(root)) return undefined
  const { openapi, $self } = root
  if (typeof openapi !== 'string') return identifierOf(root)
  return typeof $self === 'string' && !/^3\.[01]\./.test(openapi) ? $self : undefined
}

/** A reference made absolute (RFC 3986 §5), without its fragment; undefined where that is impossible. */
export function resolveUri(base: string, reference: string): string | undefined {
  const url = URL.parse(reference, base)
  if (url === null) return undefined
  url.hash = ''
  return url.href
}
