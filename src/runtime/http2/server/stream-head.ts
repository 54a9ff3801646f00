import {
  Fields,
  HOST,
  isDisguise,
  parseRequestTarget,
  TrailerSection,
  type HttpLimits,
  type ProtocolFault,
  type RequestHead,
} from '../../http/index.ts'

/** The parts of a head that decide how it is read. */
interface Parts {
  method: string
  scheme: string
  path: string
  authority: string | undefined
  readonly hosts: string[]
  readonly lengths: string[]
  readonly expects: string[]
  readonly rest: string[]
  /** Pieces of the one Cookie field that services of HTTP/1.1 know (RFC 9113 §8.2.3), and where in the rest it stands. */
  readonly crumbs: string[]
  cookieAt: number
  hasDisguise: boolean
  /** As it would be on HTTP/1.1, without the target. */
  sizeBytes: number
}

/**
 * Reads the head of a request that nghttp2 has found well-formed (RFC 9113 §8.3): without fields of the connection, and with
 * the pseudo fields it needs. What another reader could understand otherwise is refused as over HTTP/1.1.
 *
 * @param raw names and values by turns
 */
export function readStreamHead(
  raw: readonly string[],
  endsWithHead: boolean,
  limits: HttpLimits,
): RequestHead | ProtocolFault {
  const parts = partsOf(raw)
  if (parts.path.length > limits.maxUriBytes) return 'uri-too-long'
  if (raw.length / 2 > limits.maxHeaderCount || parts.sizeBytes > limits.maxHeaderBytes) {
    return 'headers-too-large'
  }
  const { method, path, expects } = parts
  const host = hostOf(parts)
  const target = path === '*' || path.startsWith('/') ? parseRequestTarget(path, method) : undefined
  const contentLength = Number(parts.lengths[0] ?? -1)
  if (host === undefined || target === undefined || isAmbiguous(parts, contentLength)) return 'bad-request'
  const [expect] = expects
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') return 'expectation-failed'
  const { rest, crumbs, cookieAt } = parts
  if (crumbs.length > 0) rest[cookieAt] = crumbs.join('; ')
  return {
    method,
    path: target.path,
    query: target.query,
    headers: Fields.received(['host', host, ...rest]),
    contentLength,
    isChunked: !endsWithHead,
    expectsContinue: expect !== undefined,
    version: '2.0',
    trailers: new TrailerSection(),
  }
}

function isAmbiguous({ scheme, lengths, expects, hasDisguise }: Parts, contentLength: number): boolean {
  if (hasDisguise || lengths.length > 1 || expects.length > 1) return true
  return !/^https?$/.test(scheme) || !Number.isSafeInteger(contentLength)
}

function partsOf(raw: readonly string[]): Parts {
  const parts: Parts = {
    method: '',
    scheme: '',
    path: '',
    authority: undefined,
    hosts: [],
    lengths: [],
    expects: [],
    rest: [],
    crumbs: [],
    cookieAt: 0,
    hasDisguise: false,
    sizeBytes: 0,
  }
  for (let index = 0; index < raw.length; index += 2) {
    const [name, value] = [raw[index] as string, raw[index + 1] as string]
    if (name !== ':path') parts.sizeBytes += name.length + value.length + 4
    take(parts, name, value)
  }
  return parts
}

function take(parts: Parts, name: string, value: string): void {
  if (name === ':method') parts.method = value
  else if (name === ':scheme') parts.scheme = value
  else if (name === ':path') parts.path = value
  else if (name === ':authority') parts.authority = value
  else if (name === 'host') parts.hosts.push(value)
  else if (name === 'cookie' && parts.crumbs.push(value) > 1) return
  else {
    if (name === 'cookie') parts.cookieAt = parts.rest.length + 1
    else if (name === 'content-length') parts.lengths.push(value)
    else if (name === 'expect') parts.expects.push(value)
    else if (isDisguise(name)) parts.hasDisguise = true
    parts.rest.push(name, value)
  }
}

/** The one host that a request names; where `Host` stands beside the authority it says the same (RFC 9113 §8.3.1). */
function hostOf({ authority, hosts }: Parts): string | undefined {
  const [host = authority] = hosts
  if (host === undefined || hosts.length > 1 || !HOST.test(host)) return undefined
  return authority === undefined || authority.toLowerCase() === host.toLowerCase() ? host : undefined
}
