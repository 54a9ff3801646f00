import { createAddressSet, parseAddress, plainAddress } from '../../domain/index.ts'
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
  const { has: trusts } = createAddressSet(entries)
  return {
    trusts,
    clientOf: (peer, headers) => {
      if (!trusts(peer)) return peer
      let client = peer
      const hops = headers.values('x-forwarded-for').flatMap((value) => value.split(','))
      for (const hop of hops.toReversed()) {
        const address = plainAddress(hop.trim())
        // What is no address was written by nobody who can be believed, and so was all before it.
        if (parseAddress(address) === undefined) return client
        client = address
        if (!trusts(client)) return client
      }
      return client
    },
  }
}
