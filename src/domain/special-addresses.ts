import { createAddressSet, parseAddress } from './address.ts'

/**
 * Where no service of an API is: this host as itself, links (of which 169.254.169.254 and fd00:ec2::254 give the credentials of a
 * cloud's machine to whoever asks), multicast, and what is reserved (RFC 6890; 100.100.100.200 is a metadata service too).
 */
const noService = createAddressSet([
  '0.0.0.0/8',
  '169.254.0.0/16',
  '100.100.100.200/32',
  '224.0.0.0/3',
  '::/128',
  'fe80::/10',
  'ff00::/8',
  'fd00:ec2::254/128',
])

/** Networks that are not reached from everywhere (RFC 1918, 4193, 5735, 6598). */
const privateNetworks = createAddressSet([
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1/128',
  'fc00::/7',
])

/** IANA's registries of special-purpose addresses: what is not reachable from everywhere. */
const specialV4 = createAddressSet([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
])

/** Outside of it nothing of IPv6 is global unicast. */
const globalUnicast = createAddressSet(['2000::/3'])
/** Within it: protocol assignments, documentation, 6to4. */
const specialV6 = createAddressSet(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'])

/** True for addresses where no service of an API can be: links, metadata services, multicast, what is reserved. */
export function isServiceless(address: string): boolean {
  return noService.has(address)
}

/** True for addresses of networks that are not reached from everywhere. */
export function isPrivate(address: string): boolean {
  return privateNetworks.has(address)
}

/** True where an IP address is one of the public internet, so that asking it cannot reach into a private network. */
export function isPublicAddress(text: string): boolean {
  const address = parseAddress(text)
  // Nobody publishes an address of IPv4 as one of IPv6.
  if (address === undefined || address.isMapped) return false
  if (address.family === 'ipv4') return !specialV4.has(text)
  return globalUnicast.has(text) && !specialV6.has(text)
}
