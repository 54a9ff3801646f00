import { constants, createPublicKey, verify, type JsonWebKey } from 'node:crypto'

import { isObject } from '../../domain/index.ts'

/** RFC 7518 §3.1: the digest, the key type it needs, and its curve. */
const ALGORITHMS: ReadonlyMap<
  string,
  { readonly digest: string; readonly kty: string; readonly crv?: string }
> = new Map([
  ['RS256', { digest: 'sha256', kty: 'RSA' }],
  ['RS384', { digest: 'sha384', kty: 'RSA' }],
  ['RS512', { digest: 'sha512', kty: 'RSA' }],
  ['ES256', { digest: 'sha256', kty: 'EC', crv: 'P-256' }],
  ['ES384', { digest: 'sha384', kty: 'EC', crv: 'P-384' }],
])

/**
 * Answers a plugin's `{algorithm, jwk, message, signature: [bytes]}`: true or false, or undefined where the question
 * itself is not valid. The key decides with the algorithm: one of another type or curve never verifies.
 */
export function verifyJwkSignature(request: unknown): boolean | undefined {
  if (!isObject(request)) return undefined
  const { algorithm, jwk, message, signature } = request
  const known = typeof algorithm === 'string' ? ALGORITHMS.get(algorithm) : undefined
  if (known === undefined || typeof message !== 'string' || !isByteList(signature)) return undefined
  if (!isObject(jwk)) return undefined
  const key: JsonWebKey = jwk
  if (key.kty !== known.kty || key.crv !== known.crv) return undefined
  const publicKey = importKey(key)
  if (publicKey === undefined) return undefined
  const options = { key: publicKey, padding: constants.RSA_PKCS1_PADDING, dsaEncoding: 'ieee-p1363' } as const
  return verify(known.digest, Buffer.from(message), options, Uint8Array.from(signature))
}

function importKey({ kty, n, e, crv, x, y }: JsonWebKey) {
  try {
    const parts = kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y }
    return createPublicKey({ format: 'jwk', key: parts as JsonWebKey })
  } catch {
    // The plugin learns that the key cannot be used; what is wrong with it is its own to find out.
    return undefined
  }
}

function isByteList(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length <= 4096 && value.every((byte) => Number.isInteger(byte))
}
