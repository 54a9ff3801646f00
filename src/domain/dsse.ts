import { createHash, type KeyObject } from 'node:crypto'

import * as decode from './decode.ts'
import type { Digest } from './digest.ts'

/** A signed message in the JSON form of DSSE 1.0 (github.com/secure-systems-lab/dsse, `envelope.md`). */
export interface DsseEnvelope {
  readonly payloadType: string
  /** Base64. */
  readonly payload: string
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[]
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

const base64 = decode.matching<string>(BASE64, 'base64')

/** Reads an envelope; what it says is not verified by that. */
export const dsseEnvelope: decode.Decoder<DsseEnvelope> = decode.object({
  payloadType: decode.text,
  payload: base64,
  signatures: decode.list(decode.object({ keyid: decode.text, sig: base64 })),
})

/** The bytes that a DSSE signature is made over, PAE of `protocol.md`: type and payload, each with its length. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.byteLength} `
  return Buffer.concat([Buffer.from(head), payload])
}

/** What names a public key: the SHA-256 of its SPKI DER. */
export function publicKeyId(key: KeyObject): Digest {
  return `sha256:${createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')}`
}
