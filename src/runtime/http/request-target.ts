export interface RequestTarget {
  readonly path: string
  readonly query: string
}

/**
 * Splits a request target (RFC 9112 §3.2) of origin, absolute or asterisk form. Undefined for what has no one
 * reading: another form, a fragment, or characters outside of printable ASCII.
 */
export function parseRequestTarget(target: string, method: string): RequestTarget | undefined {
  if (target === '*') return method === 'OPTIONS' ? { path: '*', query: '' } : undefined
  if (!/^[!"$-~]+$/.test(target)) return undefined
  const origin = target.startsWith('/') ? target : originForm(target)
  if (origin === undefined) return undefined
  const mark = origin.indexOf('?')
  return mark === -1
    ? { path: origin, query: '' }
    : { path: origin.slice(0, mark), query: origin.slice(mark + 1) }
}

function originForm(target: string): string | undefined {
  const match = /^https?:\/\/[^/?@]+([/?].*)?$/i.exec(target)
  if (match === null) return undefined
  const rest = match[1] ?? '/'
  return rest.startsWith('/') ? rest : `/${rest}`
}
