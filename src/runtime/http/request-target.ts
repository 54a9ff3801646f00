export interface RequestTarget {
  readonly path: string
  readonly query: string
  /** The host and port of a target in absolute form. */
  readonly authority: string | undefined
}

const ASTERISK: RequestTarget = { path: '*', query: '', authority: undefined }
const PRINTABLE = /^[!"$-~]+$/
const ABSOLUTE = /^https?:\/\/([^/?@]+)([/?].*)?$/i

/**
 * Splits a request target (RFC 9112 §3.2) of origin, absolute or asterisk form. Undefined for what has no one
 * reading: another form, a fragment, or characters outside of printable ASCII.
 */
export function parseRequestTarget(target: string, method: string): RequestTarget | undefined {
  if (target === '*') return method === 'OPTIONS' ? ASTERISK : undefined
  if (!PRINTABLE.test(target)) return undefined
  if (target.startsWith('/')) return split(target, undefined)
  const match = ABSOLUTE.exec(target)
  if (match === null) return undefined
  const rest = match[2] ?? '/'
  return split(rest.startsWith('/') ? rest : `/${rest}`, match[1])
}

function split(origin: string, authority: string | undefined): RequestTarget {
  const mark = origin.indexOf('?')
  return mark === -1
    ? { path: origin, query: '', authority }
    : { path: origin.slice(0, mark), query: origin.slice(mark + 1), authority }
}
