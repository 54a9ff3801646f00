import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'

export const keyTypes = ['p256', 'p384', 'ed25519', 'rsa3072'] as const

export type KeyType = (typeof keyTypes)[number]

export interface KeyPairPem {
  /** PKCS#8 PEM, encrypted (PBES2 with AES-256-CBC) when a passphrase is given. */
  readonly privatePem: string
  /** SPKI PEM. */
  readonly publicPem: string
  /** See {@link keyHint}. */
  readonly hint: string
}

/** Makes a key pair for signing artifacts. */
export function generateKey(type: KeyType, passphrase?: string): KeyPairPem {
  const { privateKey, publicKey } = generatePair(type)
  const encryption = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase }
  return {
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem', ...encryption }) as string,
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    hint: keyHint(publicKey),
  }
}

/** What names a public key in a bundle: base64 of the SHA-256 of its SPKI DER, as cosign writes it. */
export function keyHint(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64')
}

function generatePair(type: KeyType) {
  if (type === 'p256') return generateKeyPairSync('ec', { namedCurve: 'P-256' })
  if (type === 'p384') return generateKeyPairSync('ec', { namedCurve: 'P-384' })
  if (type === 'ed25519') return generateKeyPairSync('ed25519')
  return generateKeyPairSync('rsa', { modulusLength: 3072 })
}
