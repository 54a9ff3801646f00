import { verifyJwkSignature } from '../verify-jwk-signature.ts'
import type { Guest, HostFunctions } from './guest.ts'

/** An asymmetric verification costs what about this many instructions do. */
const VERIFY_FUEL_BYTES = 16 * 200_000

export function secretsAndSignatures(guest: Guest): HostFunctions {
  return {
    /** Only references that stand in the configuration of this plugin. */
    host_get_secret: (pointer: number, length: number) => {
      const secret = guest.secrets.get(guest.text(pointer, length))
      return secret === undefined ? -1 : guest.call.keep('secret', secret)
    },
    host_secret_read_result: (pointer: number, capacity: number) =>
      guest.deliver(guest.call.take('secret'), pointer, capacity),
    host_verify_signature: (pointer: number, length: number) => {
      const request = guest.json(pointer, length)
      guest.spend(VERIFY_FUEL_BYTES)
      const verdict = verifyJwkSignature(request)
      return verdict === undefined ? -1 : verdict ? 1 : 0
    },
  }
}
