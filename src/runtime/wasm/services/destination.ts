import { originFault } from '../../http/index.ts'

/** Where plugins may go, who choose it by code, perhaps by what a client says. */
export interface DestinationOptions {
  /** Services may be called without TLS. */
  readonly allowsPlaintext: boolean
  /** Services at private addresses may be called. */
  readonly allowsPrivate: boolean
}

/** Each origin has connections of its own. */
const MAX_ORIGINS = 64

/** Tells why the service at a URL may not be called; undefined where it may be. */
export function destinationCheck({
  allowsPlaintext,
  allowsPrivate,
}: DestinationOptions): (url: URL) => string | undefined {
  const known = new Set<string>()
  const faultOf = (url: URL): string | undefined => {
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'it is neither https nor http'
    if (url.protocol === 'http:' && !allowsPlaintext)
      return 'it has no TLS, and this gateway allows none such'
    if (url.username !== '' || url.password !== '') return 'it holds credentials'
    if (!known.has(url.origin) && known.size >= MAX_ORIGINS) return 'too many services are called already'
    return originFault(url.origin, allowsPrivate)
  }
  return (url) => {
    const fault = faultOf(url)
    if (fault === undefined) known.add(url.origin)
    return fault
  }
}
