import { lookup as lookupAddress, type LookupAddress, type LookupAllOptions } from 'node:dns'
import type { LookupFunction } from 'node:net'

import { isPrivate, isServiceless } from '../../../domain/index.ts'

type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void

/** Why an address is not connected to; undefined where it may be. */
export function addressFault(address: string, allowsPrivate: boolean): string | undefined {
  if (isServiceless(address)) return `${address} is a link-local, reserved or metadata address`
  if (!allowsPrivate && isPrivate(address)) return `${address} is a private address`
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
