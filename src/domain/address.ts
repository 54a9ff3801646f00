import { BlockList, isIP } from 'node:net'

/** An IP address in the one form that is compared. */
export interface Address {
  /** Without the interface that a link-local address may name; IPv4 as such where it came as IPv6. */
  readonly text: string
  readonly family: 'ipv4' | 'ipv6'
  /** True where an address of IPv4 came as one of IPv6, as sockets for both families have it (RFC 4291 §2.5.5.2). */
  readonly isMapped: boolean
}

/** Reads an IP address; undefined for what is none. */
export function parseAddress(text: string): Address | undefined {
  const version = isIP(text)
  if (version === 4) return { text, family: 'ipv4', isMapped: false }
  if (version === 0) return undefined
  const zone = text.indexOf('%')
  const address = zone === -1 ? text : text.slice(0, zone)
  const mapped = mappedAddress(address)
  if (mapped !== undefined) return { text: mapped, family: 'ipv4', isMapped: true }
  return { text: address, family: 'ipv6', isMapped: false }
}

/** The address of IPv4 in one of IPv6, however that is written. */
function mappedAddress(text: string): string | undefined {
  // `new URL` writes every address of IPv6 in one way (WHATWG URL, IPv6 serializer).
  if (!MAYBE_MAPPED.test(text)) return undefined
  const [, high, low] = /^\[::ffff:([\da-f]+):([\da-f]+)\]$/.exec(new URL(`http://[${text}]`).hostname) ?? []
  if (high === undefined || low === undefined) return undefined
  const [upper, lower] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return `${upper >>> 8}.${upper & 255}.${lower >>> 8}.${lower & 255}`
}

const MAYBE_MAPPED = /^[0:]*:ffff:[^:]+(?::[^:]+)?$/i

/** An address of IPv4 as such, where it came as one of IPv6; everything else as it is. */
export function plainAddress(text: string): string {
  // Most are of IPv4 and came as that.
  if (!text.includes(':')) return text
  const address = parseAddress(text)
  return address?.isMapped === true ? address.text : text
}

/** A set of addresses and networks. */
export interface AddressSet {
  /** False for what is no address. */
  readonly has: (address: string) => boolean
}

/** Addresses come again and again; so many answers are remembered. */
const MAX_KNOWN = 10_000

/**
 * Makes a set of addresses and networks (`10.0.0.0/8`, `fd00::/8`), which are read once.
 *
 * @throws {RangeError} for an entry that is neither, named in the message.
 */
export function createAddressSet(entries: readonly string[]): AddressSet {
  if (entries.length === 0) return { has: () => false }
  const list = new BlockList()
  for (const entry of entries) addEntry(list, entry)
  const known = new Map<string, boolean>()
  return {
    has: (text) => {
      const before = known.get(text)
      if (before !== undefined) return before
      const address = parseAddress(text)
      const isMember = address !== undefined && list.check(address.text, address.family)
      if (known.size >= MAX_KNOWN) known.clear()
      known.set(text, isMember)
      return isMember
    },
  }
}

function addEntry(list: BlockList, entry: string): void {
  const [text = '', prefix, ...rest] = entry.split('/')
  const address = parseAddress(text)
  if (address === undefined || text.includes('%') || rest.length > 0) throw neither(entry)
  if (prefix === undefined) return list.addAddress(address.text, address.family)
  // The prefix of a mapped network is one of IPv6.
  const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) - (address.isMapped ? 96 : 0) : -1
  if (bits < 0 || bits > (address.family === 'ipv6' ? 128 : 32)) throw neither(entry)
  list.addSubnet(address.text, bits, address.family)
}

function neither(entry: string): RangeError {
  return new RangeError(`${JSON.stringify(entry)} is neither an address nor a network like 10.0.0.0/8`)
}
