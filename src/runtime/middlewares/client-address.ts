import { createAddressSet, plainAddress } from '../../domain/index.ts'
import { createProxyTrust } from '../http/index.ts'
import type { Exchange } from '../pipeline/exchange.ts'

/**
 * A set of addresses and networks.
 *
 * @throws {RangeError} for an entry that is neither, with the name of the option.
 */
export function addressSet(entries: readonly string[], option: string): (address: string) => boolean {
  return ofOption(option, () => createAddressSet(entries).has)
}

/**
 * The address of the client. A trusted proxy is believed about who asked it: the client is the last address in
 * `X-Forwarded-For` that is no trusted proxy itself.
 *
 * @throws {RangeError} for an entry that is neither an address nor a network.
 */
export function clientAddressReader(trustedProxies: readonly string[]): (exchange: Exchange) => string {
  if (trustedProxies.length === 0) return ({ clientAddress }) => plainAddress(clientAddress)
  const trust = ofOption('trusted_proxies', () => createProxyTrust(trustedProxies))
  return ({ request }) => plainAddress(trust.clientOf(request.remoteAddress, request.headers))
}

function ofOption<T>(option: string, make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new RangeError(`/${option}: ${error.message}`, { cause: error })
  }
}
