import type { Bundle } from '@sigstore/bundle'

import { isObject } from '../../domain/index.ts'
import { PAYLOAD_TYPE } from '../statement/statement.ts'
import { verifyProblems as problems } from '../verify-problems.ts'
import { checkLogEntries } from './check-log-entries.ts'
import { unaccountedMember } from './unaccounted-member.ts'

const MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json'
const MAX_BUNDLE_BYTES = 64 * 1024 * 1024

/** A bundle of the right form; nothing in it is verified yet. */
export interface SignedBundle {
  readonly bundle: Bundle
  readonly payload: Buffer
  readonly material: { readonly kind: 'key'; readonly hint: string } | CertificateMaterial
  readonly logEntryCount: number
  readonly timestampCount: number
}

interface CertificateMaterial {
  readonly kind: 'certificate'
  readonly der: Buffer
}

/**
 * Reads a Sigstore bundle: media type v0.3, one DSSE signature over an in-toto statement, and no member that the
 * format does not know or that is written in another way than the format's own.
 *
 * @throws {ProblemError} BCN_VERIFY_BUNDLE, BCN_VERIFY_PAYLOAD_TYPE, BCN_VERIFY_LOG
 */
export async function parseBundle(bytes: Uint8Array): Promise<SignedBundle> {
  const json = parseJson(bytes)
  const { bundleFromJSON, bundleToJSON } = await import('@sigstore/bundle')
  let bundle: Bundle
  try {
    bundle = bundleFromJSON(json)
  } catch (error) {
    throw problems.BCN_VERIFY_BUNDLE({ reason: reasonOf(error) }, { cause: error })
  }
  const stray = unaccountedMember(json, JSON.parse(JSON.stringify(bundleToJSON(bundle))))
  if (stray !== undefined) throw invalid(`${stray} is not as the format writes it`)
  if (bundle.content.$case !== 'dsseEnvelope') throw invalid('it holds no DSSE envelope')
  const { payload, payloadType, signatures } = bundle.content.dsseEnvelope
  if (payloadType !== PAYLOAD_TYPE)
    throw problems.BCN_VERIFY_PAYLOAD_TYPE({ found: JSON.stringify(payloadType) })
  const material = materialOf(bundle)
  const keyId = signatures[0]?.keyid ?? ''
  if (keyId !== '' && (material.kind !== 'key' || keyId !== material.hint)) {
    throw invalid('its key id is not the one of its key')
  }
  checkLogEntries(bundle)
  return {
    bundle,
    payload,
    material,
    logEntryCount: bundle.verificationMaterial.tlogEntries.length,
    timestampCount: bundle.verificationMaterial.timestampVerificationData?.rfc3161Timestamps.length ?? 0,
  }
}

function parseJson(bytes: Uint8Array): unknown {
  if (bytes.byteLength > MAX_BUNDLE_BYTES) throw invalid(`it has more than ${MAX_BUNDLE_BYTES} bytes`)
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw problems.BCN_VERIFY_BUNDLE({ reason: 'it is not JSON' }, { cause: error })
  }
  if (!isObject(json) || json['mediaType'] !== MEDIA_TYPE)
    throw invalid(`its media type is not ${MEDIA_TYPE}`)
  return json
}

function materialOf({ verificationMaterial: { content } }: Bundle): SignedBundle['material'] {
  if (content.$case === 'publicKey') return { kind: 'key', hint: content.publicKey.hint }
  if (content.$case === 'certificate') return { kind: 'certificate', der: content.certificate.rawBytes }
  throw invalid('it has a certificate chain, which this version of the format forbids')
}

function invalid(reason: string) {
  return problems.BCN_VERIFY_BUNDLE({ reason })
}

function reasonOf(error: unknown): string {
  const fields = isObject(error) && Array.isArray(error['fields']) ? error['fields'] : []
  if (fields.length > 0) return `${fields.join(', ')} is missing or wrong`
  return error instanceof Error ? error.message : String(error)
}
