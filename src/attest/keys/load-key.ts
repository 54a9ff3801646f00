import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'

import { isProblemError, systemReason } from '../../domain/index.ts'
import { attestProblems as problems } from '../problems.ts'

const CURVES = ['prime256v1', 'secp384r1']
const MIN_RSA_BITS = 2048

/**
 * Reads a private key to sign with: PEM, PKCS#8 (plain or encrypted), SEC 1 or PKCS#1.
 *
 * @throws {ProblemError} BCN_ATTEST_KEY_UNREADABLE, BCN_ATTEST_KEY_PASSPHRASE, BCN_ATTEST_KEY_TYPE
 */
export async function loadPrivateKey(path: string, passphrase?: string): Promise<KeyObject> {
  const pem = await readPem(path)
  if (pem.includes('SIGSTORE PRIVATE KEY-----')) {
    const reason = 'it is an encrypted key of cosign, which only cosign reads'
    throw problems.BCN_ATTEST_KEY_UNREADABLE({ path, reason })
  }
  const isEncrypted = pem.includes('ENCRYPTED')
  if (isEncrypted && passphrase === undefined) {
    throw problems.BCN_ATTEST_KEY_PASSPHRASE({ path, reason: 'no passphrase is given' })
  }
  try {
    return checkType(path, createPrivateKey({ key: pem, ...(isEncrypted ? { passphrase } : {}) }))
  } catch (error) {
    if (!isOpenSslError(error)) throw error
    if (isEncrypted) {
      throw problems.BCN_ATTEST_KEY_PASSPHRASE({ path, reason: 'the passphrase does not open it' })
    }
    throw problems.BCN_ATTEST_KEY_UNREADABLE({ path, reason: 'it holds no private key in PEM' })
  }
}

/**
 * Reads a public key to verify with: SPKI PEM. A private key is refused, so that none is handed around by mistake.
 *
 * @param read from somewhere else than the file system, such as a commit
 * @throws {ProblemError} BCN_ATTEST_KEY_UNREADABLE, BCN_ATTEST_KEY_TYPE, and what `read` throws
 */
export async function loadPublicKey(
  path: string,
  read: (path: string) => Promise<Uint8Array> = readFile,
): Promise<KeyObject> {
  const pem = await readPem(path, read)
  if (pem.includes('PRIVATE KEY-----')) {
    throw problems.BCN_ATTEST_KEY_UNREADABLE({ path, reason: 'it is a private key; give the public one' })
  }
  try {
    return checkType(path, createPublicKey(pem))
  } catch (error) {
    if (!isOpenSslError(error)) throw error
    throw problems.BCN_ATTEST_KEY_UNREADABLE({ path, reason: 'it holds no public key in PEM' })
  }
}

async function readPem(
  path: string,
  read: (path: string) => Promise<Uint8Array> = readFile,
): Promise<string> {
  try {
    return new TextDecoder().decode(await read(path))
  } catch (error) {
    if (isProblemError(error)) throw error
    throw problems.BCN_ATTEST_KEY_UNREADABLE({ path, reason: systemReason(error) }, { cause: error })
  }
}

function checkType(path: string, key: KeyObject): KeyObject {
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  const type = key.asymmetricKeyType
  const isGood =
    type === 'ed25519' ||
    (type === 'ec' && CURVES.includes(namedCurve ?? '')) ||
    (type === 'rsa' && modulusLength >= MIN_RSA_BITS)
  if (isGood) return key
  const bits = modulusLength > 0 ? ` of ${modulusLength} bits` : ''
  throw problems.BCN_ATTEST_KEY_TYPE({ path, type: `${namedCurve ?? type ?? 'unknown'}${bits}` })
}

// Both OpenSSL and Node's own decoder give their errors a code; ours are problems.
function isOpenSslError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_')
}
