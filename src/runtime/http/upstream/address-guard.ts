import { lookup as lookupAddress, type LookupAddress, type LookupAllOptions } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/**
 * Where no service of an API is: this host as itself, links (of which 169.254.169.254 and fd00:ec2::254 give the credentials of a
 * cloud's machine to whoever asks), multicast, and what is reserved (RFC 6890; 100.100.100.200 is a metadata service too).
 */
const NEVER = [
  '0.0.0.0/8',
  '169.254.0.0/16',
  '100.100.100.200/32',
  '224.0.0.0/3',
  '::/128',
  'fe80::/10',
  'ff00::/8',
  'fd00:ec2::254/128',
]
/** Networks that are not reached from everywhere (RFC 1918, 4193, 5735, 6598). */
const PRIVATE = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1/128',
  'fc00::/7',
]

const never = listOf(NEVER)
const privateNetworks = listOf(PRIVATE)

type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void

/** Why an address is not connected to; undefined where it may be. */
export function addressFault(address: string, allowsPrivate: boolean): string | undefined {
  if (isIn(never, address)) return `${address} is a link-local, reserved or metadata address`
  if (!allowsPrivate && isIn(privateNetworks, address)) return `${address} is a private address`
  return undefined
}

/**
 * Resolves a name as the system does, and refuses it where one of its addresses must not be connected to, so that who
 * controls a name cannot point the gateway at what only the gateway reaches. The error has the code BCN_ADDRESS.
 *
 * @param resolve looks a name up; the system's way unless given
 */
export function guardedLookup(allowsPrivate: boolean, resolve: Resolve = lookupAddress): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error !== null) return done(error, '', 0)
      const faults = found.flatMap(({ address }) => addressFault(address, allowsPrivate) ?? [])
      if (faults.length > 0) return done(addressError(`${hostname}: ${faults.join(', ')}`), '', 0)
      const [first] = found
      if (options.all === true) done(null, found)
      else if (first === undefined) done(addressError(`${hostname} has no address`), '', 0)
      else done(null, first.address, first.family)
    })
  }
}

function addressError(message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code: 'BCN_ADDRESS' })
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [network = '', prefix] = range.split('/')
    list.addSubnet(network, Number(prefix), network.includes(':') ? 'ipv6' : 'ipv4')
  }
  return list
}

function isIn(list: BlockList, text: string): boolean {
  const address = text.replace(/%.*$/, '')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
  return list.check(mapped, isIP(mapped) === 6 ? 'ipv6' : 'ipv4')
}
