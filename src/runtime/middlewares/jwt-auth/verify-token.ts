import { compactVerify, decodeProtectedHeader, errors } from 'jose'

import { isObject, type JsonObject } from '../../../domain/index.ts'
import type { KeySource } from './key-source.ts'

/** The claims of a token that a key has signed, or why there are none. */
export type Verification =
  | { readonly kind: 'verified'; readonly claims: JsonObject }
  | { readonly kind: 'refused'; readonly reason: string }
  /** There are no keys to verify it by. */
  | { readonly kind: 'unavailable' }

/**
 * Verifies the signature of a token (RFC 7515 §5.2) by the keys that it may be signed by. The algorithm is one that fits
 * the key (RFC 8725 §3.1), and `kid` only chooses among keys that are known already.
 */
export async function verifyToken(token: string, source: KeySource): Promise<Verification> {
  const kid = readKid(token)
  if (kid === null) return refused('The token is malformed.')
  const keys = await source.keysFor(kid)
  if (keys === undefined) return { kind: 'unavailable' }
  for (const { key, algorithms } of keys) {
    try {
      const { payload } = await compactVerify(token, key, { algorithms: [...algorithms] })
      const claims: unknown = JSON.parse(Buffer.from(payload).toString())
      if (!isObject(claims)) return refused('The token has no claims.')
      return { kind: 'verified', claims: claims as JsonObject }
    } catch (error) {
      if (error instanceof SyntaxError) return refused('The token has no claims.')
      if (!(error instanceof errors.JOSEError)) throw error
    }
  }
  return refused('The signature of the token is not valid.')
}

function refused(reason: string): Verification {
  return { kind: 'refused', reason }
}

/** The key that a token names; null for what is no token. */
function readKid(token: string): string | undefined | null {
  try {
    const { kid, alg } = decodeProtectedHeader(token)
    if (typeof alg !== 'string' || (kid !== undefined && typeof kid !== 'string')) return null
    return kid
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}
