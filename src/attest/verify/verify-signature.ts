import { X509Certificate, type KeyObject } from 'node:crypto'

import type { TrustedRoot } from '@sigstore/protobuf-specs'
import type { VerifierOptions } from '@sigstore/verify'

import { isProblemError } from '../../domain/index.ts'
import { keyHint } from '../keys/generate-key.ts'
import { describeAccepted, type VerificationPolicy } from '../policy/policy.ts'
import { verifyProblems as problems } from '../verify-problems.ts'
import { matchIdentity, type CertifiedIdentity } from './match-identity.ts'
import type { SignedBundle } from './parse-bundle.ts'
import { emptyRoot, openTrustedRoot } from './trusted-root.ts'

/** Who signed, proven. */
export type VerifiedSigner =
  | { readonly kind: 'key'; readonly name: string; readonly hint: string }
  | (CertifiedIdentity & { readonly kind: 'identity' })

/**
 * Verifies the signature of a bundle, the evidence beside it (certificate, log entries, time stamps), and that the
 * policy accepts the signer. Offline.
 *
 * @throws {ProblemError} BCN_VERIFY_KEY, BCN_VERIFY_IDENTITY, BCN_VERIFY_SIGNATURE_INVALID, BCN_VERIFY_CERTIFICATE,
 *   BCN_VERIFY_TIMESTAMP, BCN_VERIFY_LOG, BCN_VERIFY_BUNDLE, BCN_VERIFY_TRUSTED_ROOT
 */
export async function verifySignature(
  signed: SignedBundle,
  policy: VerificationPolicy,
): Promise<VerifiedSigner> {
  return signed.material.kind === 'key'
    ? verifyByKey(signed, signed.material.hint, policy)
    : verifyByCertificate(signed, signed.material.der, policy)
}

async function verifyByKey(
  signed: SignedBundle,
  hint: string,
  policy: VerificationPolicy,
): Promise<VerifiedSigner> {
  const expected = describeAccepted(policy)
  if (policy.keys.length === 0) throw problems.BCN_VERIFY_IDENTITY({ found: `the key ${hint}`, expected })
  const trusted = policy.keys.find(({ publicKey }) => keyHint(publicKey) === hint)
  if (trusted === undefined)
    throw problems.BCN_VERIFY_KEY({ found: `the key ${hint || 'of no name'}`, expected })
  const hasEvidence = signed.logEntryCount + signed.timestampCount > 0
  const root = hasEvidence ? await openTrustedRoot(policy.trustedRoot) : emptyRoot
  const thresholds = { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 }
  await runVerifier(signed, { root, publicKey: trusted.publicKey, thresholds })
  return { kind: 'key', name: trusted.name, hint }
}

async function verifyByCertificate(
  signed: SignedBundle,
  der: Buffer,
  policy: VerificationPolicy,
): Promise<VerifiedSigner> {
  const expected = describeAccepted(policy)
  if (policy.identities.length === 0) throw problems.BCN_VERIFY_KEY({ found: 'a certificate', expected })
  const root = await openTrustedRoot(policy.trustedRoot)
  const publicKey = certifiedKey(der)
  const thresholds = { tlogThreshold: 1, ctlogThreshold: 1, timestampThreshold: 1 }
  const signer = await runVerifier(signed, { root, publicKey, thresholds })
  return { kind: 'identity', ...matchIdentity(signer.identity, policy) }
}

function certifiedKey(der: Buffer): KeyObject {
  try {
    return new X509Certificate(der).publicKey
  } catch (error) {
    throw problems.BCN_VERIFY_CERTIFICATE({ reason: 'it cannot be read' }, { cause: error })
  }
}

interface Verification {
  readonly root: TrustedRoot
  readonly publicKey: KeyObject
  readonly thresholds: VerifierOptions
}

async function runVerifier({ bundle }: SignedBundle, { root, publicKey, thresholds }: Verification) {
  const { toSignedEntity, toTrustMaterial, Verifier } = await import('@sigstore/verify')
  try {
    const entity = toSignedEntity(bundle)
    // First, so that altered content is called that and not a fault of the log, whose entry does not fit then either.
    if (!entity.signature.verifySignature(publicKey)) {
      throw problems.BCN_VERIFY_SIGNATURE_INVALID({ reason: 'the content or the signature was altered' })
    }
    const material = toTrustMaterial(root, () => ({ publicKey, validFor: () => true }))
    return new Verifier(material, thresholds).verify(entity)
  } catch (error) {
    throw isProblemError(error) ? error : problemOf(error)
  }
}

// Evidence that cannot even be parsed makes the library throw errors of any kind: all of them mean the same.
function problemOf(error: unknown) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason = error instanceof Error ? error.message : String(error)
  const context = { cause: error }
  if (code.startsWith('TLOG_')) return problems.BCN_VERIFY_LOG({ reason }, context)
  if (code === 'CERTIFICATE_ERROR') return problems.BCN_VERIFY_CERTIFICATE({ reason }, context)
  if (code === 'TIMESTAMP_ERROR') return problems.BCN_VERIFY_TIMESTAMP({ reason }, context)
  if (code === 'SIGNATURE_ERROR') return problems.BCN_VERIFY_SIGNATURE_INVALID({ reason }, context)
  return problems.BCN_VERIFY_BUNDLE({ reason: `its evidence cannot be read (${reason})` }, context)
}
