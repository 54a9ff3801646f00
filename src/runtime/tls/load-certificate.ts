import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext, type SecureContext } from 'node:tls'

import { systemReason } from '../../domain/index.ts'
import { runtimeProblems as problems } from '../problems.ts'
import { readPrivateFile } from '../read-private-file.ts'
import { contextOptions, type TlsPolicy } from './tls-policy.ts'

/** Where a certificate with its chain and its private key are, as absolute paths. */
export interface CertificateFiles {
  readonly certPath: string
  readonly keyPath: string
}

/** A certificate that was read, and found to fit its key. */
export interface ServerCertificate {
  readonly x509: X509Certificate
  /** PEM. */
  readonly cert: string
  /** PEM. */
  readonly key: string
  readonly context: SecureContext
}

/**
 * Reads a certificate and its key.
 *
 * @throws {ProblemError} BCN_TLS_UNREADABLE, BCN_TLS_KEY_EXPOSED, BCN_TLS_MISMATCH
 */
export async function loadCertificate(
  { certPath, keyPath }: CertificateFiles,
  policy: TlsPolicy,
): Promise<ServerCertificate> {
  const cert = await readCertificate(certPath)
  const x509 = parseCertificate(certPath, cert)
  const key = await readKey(keyPath)
  if (!x509.checkPrivateKey(parseKey(keyPath, key))) {
    throw problems.BCN_TLS_MISMATCH({ certificate: certPath, key: keyPath })
  }
  return { x509, cert, key, context: contextOf(certPath, { cert, key, ...contextOptions(policy) }) }
}

/**
 * Reads the certificates of authorities.
 *
 * @returns PEM
 * @throws {ProblemError} BCN_TLS_UNREADABLE
 */
export async function loadAuthorities(path: string): Promise<string> {
  const pem = await readCertificate(path)
  parseCertificate(path, pem)
  return pem
}

async function readCertificate(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw problems.BCN_TLS_UNREADABLE({ path, reason: systemReason(error) }, { cause: error })
  }
}

async function readKey(path: string): Promise<string> {
  const file = await readPrivateFile(path)
  if ('text' in file) return file.text
  if ('exposedMode' in file) throw problems.BCN_TLS_KEY_EXPOSED({ path, mode: file.exposedMode })
  throw problems.BCN_TLS_UNREADABLE({ path, reason: file.reason }, { cause: file.cause })
}

function parseCertificate(path: string, pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch (error) {
    throw problems.BCN_TLS_UNREADABLE({ path, reason: 'it holds no certificate in PEM' }, { cause: error })
  }
}

// The error of the parser is left out: it may speak of what it read.
function parseKey(path: string, pem: string): KeyObject {
  const isEncrypted = pem.includes('ENCRYPTED')
  try {
    if (!isEncrypted) return createPrivateKey(pem)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
  }
  const reason = isEncrypted
    ? 'it is encrypted, and a gateway starts with nobody to ask for the passphrase'
    : 'it holds no private key in PEM'
  throw problems.BCN_TLS_UNREADABLE({ path, reason })
}

function contextOf(path: string, options: Parameters<typeof createSecureContext>[0]): SecureContext {
  try {
    return createSecureContext(options)
  } catch (error) {
    const reason = 'OpenSSL does not take the certificate or its chain'
    throw problems.BCN_TLS_UNREADABLE({ path, reason }, { cause: error })
  }
}
