import { BlockList, isIP } from 'node:net'

// IANA's registries of special-purpose addresses: what is not reachable from everywhere.
const SPECIAL_V4 = [
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
]
// Within 2000::/3, outside of which nothing is global unicast: protocol assignments, documentation, 6to4.
const SPECIAL_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

const special = new BlockList()
const globalUnicast = new BlockList()
for (const range of SPECIAL_V4) add(special, range, 'ipv4')
for (const range of SPECIAL_V6) add(special, range, 'ipv6')
add(globalUnicast, '2000::/3', 'ipv6')

function add(list: BlockList, range: string, family: 'ipv4' | 'ipv6'): void {
  const [network = '', prefix] = range.split('/')
  list.addSubnet(network, Number(prefix), family)
}

/** True where an IP address is one of the public internet, so that asking it cannot reach into a private network. */
export function isPublicAddress(text: string): boolean {
  // Link-local addresses may name an interface.
  const address = text.replace(/%.*$/, '')
  const family = isIP(address)
  if (family === 4) return !special.check(address, 'ipv4')
  return family === 6 && globalUnicast.check(address, 'ipv6') && !special.check(address, 'ipv6')
}
