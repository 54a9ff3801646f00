import { verify } from 'node:crypto'

import { nodePublicKey } from '../../config/index.ts'
import {
  DecodeError,
  dsseEnvelope,
  NODE_ATTESTATION_TYPE,
  nodeAttestation,
  preAuthEncoding,
  publicKeyId,
  type DsseEnvelope,
  type NodeAttestation,
} from '../../domain/index.ts'
import type { DistrustReason } from '../verdict.ts'

/** Why an attestation is not believed. */
export interface Distrust {
  readonly reason: DistrustReason
  readonly message: string
}

export interface AttestationExpectation {
  readonly node: string
  /** SPKI DER in base64: one of the keys has to have signed. */
  readonly keys: readonly string[]
  readonly nonce: string
  readonly sentAtMs: number
  readonly receivedAtMs: number
  readonly maxSkewMs: number
}

/** More signatures than keys can be known are not tried. */
const MAX_SIGNATURES = 4

/** Verifies what a node has signed: form, signature, nonce, name and clock, in this order. */
export function checkAttestation(
  value: unknown,
  expected: AttestationExpectation,
): { readonly statement: NodeAttestation } | { readonly distrust: Distrust } {
  if (value === null) {
    return distrust(
      'attestation-missing',
      'It signs nothing, although its key is known: it was started without --node-key.',
    )
  }
  try {
    const envelope = dsseEnvelope(value, '/attestation')
    const payload = Buffer.from(envelope.payload, 'base64')
    const fault = checkSignature(envelope, payload, expected)
    if (fault !== undefined) return { distrust: fault }
    const statement = nodeAttestation(JSON.parse(payload.toString('utf8')), '')
    const mismatch = checkFreshness(statement, expected)
    return mismatch === undefined ? { statement } : { distrust: mismatch }
  } catch (error) {
    if (!(error instanceof DecodeError || error instanceof SyntaxError)) throw error
    return distrust('attestation-malformed', `Its attestation cannot be read: ${error.message}.`)
  }
}

function checkSignature(
  { payloadType, signatures }: DsseEnvelope,
  payload: Buffer,
  expected: AttestationExpectation,
): Distrust | undefined {
  if (payloadType !== NODE_ATTESTATION_TYPE) {
    const message = `It signed a message of another type, ${JSON.stringify(payloadType.slice(0, 100))}.`
    return { reason: 'attestation-malformed', message }
  }
  const keys = expected.keys.map(nodePublicKey)
  const signed = preAuthEncoding(payloadType, payload)
  const tried = signatures.slice(0, MAX_SIGNATURES)
  for (const { sig } of tried) {
    const signature = Buffer.from(sig, 'base64')
    if (keys.some((key) => verify(null, signed, key, signature))) return undefined
  }
  const isNamed = tried.some(({ keyid }) => keys.some((key) => publicKeyId(key) === keyid))
  if (isNamed)
    return { reason: 'signature-invalid', message: 'Its signature does not hold: the statement was changed.' }
  return {
    reason: 'wrong-key',
    message: 'Its statement is not signed by the key that fleet.yaml has for it.',
  }
}

function checkFreshness(statement: NodeAttestation, expected: AttestationExpectation): Distrust | undefined {
  if (statement.nonce !== expected.nonce) {
    return {
      reason: 'replayed',
      message: 'Its statement is an answer to another question: an old one was replayed.',
    }
  }
  if (statement.node !== expected.node) {
    return { reason: 'node-mismatch', message: `It calls itself ${statement.node}.` }
  }
  const timeMs = Date.parse(statement.time)
  const { sentAtMs, receivedAtMs, maxSkewMs } = expected
  const skewMs = timeMs < sentAtMs ? timeMs - sentAtMs : Math.max(0, timeMs - receivedAtMs)
  if (Math.abs(skewMs) <= maxSkewMs) return undefined
  const direction = skewMs > 0 ? 'ahead' : 'behind'
  const message = `Its clock is ${Math.round(Math.abs(skewMs) / 1000)} s ${direction}, more than ${maxSkewMs / 1000} s.`
  return { reason: 'clock-skew', message }
}

function distrust(reason: DistrustReason, message: string): { readonly distrust: Distrust } {
  return { distrust: { reason, message } }
}
