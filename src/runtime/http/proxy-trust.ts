import { BlockList, isIP } from 'node:net'

import type { Fields } from './fields.ts'

/** Which peers are believed about who asked them. */
export interface ProxyTrust {
  readonly trusts: (address: string) => boolean
  /** The client behind a peer: the last address of `X-Forwarded-For` that is no trusted proxy itself. */
  readonly clientOf: (peer: string, headers: Fields) => string
}

/**
 * Makes the trust in proxies from addresses and networks (`10.0.0.0/8`, `fd00::/8`).
 *
 * @throws {RangeError} for an entry that is neither, named in the message.
 */
export function createProxyTrust(entries: readonly string[]): ProxyTrust {
  const list = new BlockList()
  for (const entry of entries) add(list, entry)
  const trusts = (text: string): boolean => {
    if (entries.length === 0) return false
    const address = withoutMapping(text)
    return isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }
  return {
    trusts,
    clientOf: (peer, headers) => {
      if (!trusts(peer)) return peer
      let client = peer
      const hops = headers.values('x-forwarded-for').flatMap((value) => value.split(','))
      for (const hop of hops.toReversed()) {
        const address = withoutMapping(hop.trim())
        // What is no address was written by nobody who can be believed, and so was all before it.
        if (isIP(address) === 0) return client
        client = address
        if (!trusts(address)) return client
      }
      return client
    },
  }
}

function add(list: BlockList, entry: string): void {
  const [network = '', prefix, ...rest] = entry.split('/')
  const version = isIP(network)
  const bits = prefix === undefined || /^\d{1,3}$/.test(prefix) ? Number(prefix ?? -1) : Number.NaN
  const isRange = bits >= 0 && bits <= (version === 6 ? 128 : 32)
  if (version === 0 || rest.length > 0 || (prefix !== undefined && !isRange)) {
    throw new RangeError(`${JSON.stringify(entry)} is neither an address nor a network like 10.0.0.0/8`)
  }
  const family = version === 6 ? 'ipv6' : 'ipv4'
  if (prefix === undefined) list.addAddress(network, family)
  else list.addSubnet(network, bits, family)
}

/** An address of IPv4 as such, where a socket for both families gives it as one of IPv6. */
function withoutMapping(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
}
