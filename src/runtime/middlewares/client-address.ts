import { BlockList, isIP } from 'node:net'

import type { Exchange } from '../pipeline/exchange.ts'

const MAX_KNOWN = 10_000

/**
 * A set of addresses and networks.
 *
 * @throws {RangeError} for an entry that is neither, with the name of the option.
 */
export function addressSet(entries: readonly string[], option: string): (address: string) => boolean {
  if (entries.length === 0) return () => false
  const list = new BlockList()
  for (const entry of entries) add(list, entry, option)
  const known = new Map<string, boolean>()
  return (address) => {
    const before = known.get(address)
    if (before !== undefined) return before
    const version = isIP(address)
    const isMember = version !== 0 && list.check(address, version === 6 ? 'ipv6' : 'ipv4')
    if (known.size >= MAX_KNOWN) known.clear()
    known.set(address, isMember)
    return isMember
  }
}

function add(list: BlockList, entry: string, option: string): void {
  const [address = '', prefix, ...rest] = entry.split('/')
  const version = isIP(address)
  const bits = prefix === undefined ? undefined : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1
  const most = version === 6 ? 128 : 32
  if (version === 0 || rest.length > 0 || (bits !== undefined && (bits < 0 || bits > most))) {
    throw new RangeError(`/${option}: ${entry} is neither an address nor a network`)
  }
  const family = version === 6 ? 'ipv6' : 'ipv4'
  if (bits === undefined) list.addAddress(address, family)
  else list.addSubnet(address, bits, family)
}

/**
 * The address of the client. A trusted proxy is believed about who asked it: the client is the last address in
 * `X-Forwarded-For` that is no trusted proxy itself.
 *
 * @throws {RangeError} for an entry that is neither an address nor a network.
 */
export function clientAddressReader(trustedProxies: readonly string[]): (exchange: Exchange) => string {
  if (trustedProxies.length === 0) return ({ clientAddress }) => plain(clientAddress)
  const isTrusted = addressSet(trustedProxies, 'trusted_proxies')
  return ({ request }) => {
    const peer = plain(request.remoteAddress)
    if (!isTrusted(peer)) return peer
    const hops = request.headers.values('x-forwarded-for').join(',').split(',')
    let client = peer
    for (let index = hops.length - 1; index >= 0; index -= 1) {
      const hop = plain((hops[index] as string).trim())
      // What no address is was not written by a proxy that can be trusted.
      if (isIP(hop) === 0) return client
      client = hop
      if (!isTrusted(hop)) return client
    }
    return client
  }
}

/** An IPv4 address as such, where a socket for both families gives it as IPv6. */
function plain(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address
}
