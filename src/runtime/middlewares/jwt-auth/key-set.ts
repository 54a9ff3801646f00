import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'

import { isObject } from '../../../domain/index.ts'

/** A key that verifies tokens, and the algorithms that it is for. */
export interface VerificationKey {
  readonly kid: string | undefined
  readonly algorithms: readonly string[]
  readonly key: KeyObject
}

const MAX_KEYS = 100
const MIN_RSA_BITS = 2048
const RSA = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
const CURVES: Readonly<Record<string, string>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
}

/**
 * The keys of a key set (RFC 7517 §5) that can verify signatures; others are passed over, as the RFC wants it.
 *
 * @throws {RangeError} for what is no key set.
 */
export function readKeySet(document: unknown): readonly VerificationKey[] {
  const keys: unknown = isObject(document) ? document['keys'] : undefined
  if (!Array.isArray(keys)) throw new RangeError('there is no list `keys`')
  if (keys.length > MAX_KEYS) throw new RangeError(`there are more than ${MAX_KEYS} keys`)
  return keys.map(readJwk).filter((key) => key !== undefined)
}

/** The public key of a JSON Web Key; undefined for one that is not for signatures, or cannot be read. */
export function readJwk(jwk: unknown): VerificationKey | undefined {
  if (!isObject(jwk) || !isForSignatures(jwk)) return undefined
  // Only the public half, whatever is written there.
  const { kty, n, e, x, y, crv } = jwk
  const members = Object.entries({ kty, n, e, x, y, crv }).filter(([, value]) => typeof value === 'string')
  let key: KeyObject
  try {
    key = createPublicKey({ key: Object.fromEntries(members) as JsonWebKey, format: 'jwk' })
  } catch {
    // A key that cannot be read verifies nothing, as if it were not there.
    return undefined
  }
  const { alg, kid } = jwk
  const algorithms = algorithmsOf(key).filter((name) => alg === undefined || name === alg)
  return algorithms.length === 0
    ? undefined
    : { kid: typeof kid === 'string' ? kid : undefined, algorithms, key }
}

/** The key of a PEM; undefined for one that is no public key of a type that signs tokens. */
export function readPem(pem: string): VerificationKey | undefined {
  let key: KeyObject
  try {
    key = createPublicKey(pem)
  } catch {
    // The caller says of the whole text that it is no key.
    return undefined
  }
  const algorithms = algorithmsOf(key)
  return algorithms.length === 0 ? undefined : { kid: undefined, algorithms, key }
}

function isForSignatures({ use, key_ops: operations }: Record<string, unknown>): boolean {
  if (use !== undefined && use !== 'sig') return false
  return !Array.isArray(operations) || operations.includes('verify')
}

/** The algorithms that fit the type of a key: what a token says of itself cannot choose another type. */
function algorithmsOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): readonly string[] {
  if (asymmetricKeyType === 'rsa') {
    return (asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS ? RSA : []
  }
  if (asymmetricKeyType === 'ed25519') return ['EdDSA', 'Ed25519']
  const algorithm = CURVES[asymmetricKeyDetails?.namedCurve ?? '']
  return asymmetricKeyType === 'ec' && algorithm !== undefined ? [algorithm] : []
}
