import { createPublicKey, type KeyObject } from 'node:crypto'

import type { Kind } from '../members.ts'

/** What the SPKI DER of every Ed25519 key begins with (RFC 8410, section 4); 32 bytes follow. */
const PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
const SPKI_BYTES = PREFIX.byteLength + 32

/** An Ed25519 public key: SPKI PEM or its base64 alone; read as base64 of the DER. */
export const publicKey: Kind<string> = {
  what: 'an Ed25519 public key',
  hint: 'Write the base64 that `barbacane node keygen` prints, or the text of the .pub file behind `|`.',
  isSecret: true,
  accept: (value) => (typeof value === 'string' ? normaliseKey(value) : undefined),
}

function normaliseKey(text: string): string | undefined {
  const pem = /^-----BEGIN PUBLIC KEY-----\s([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*$/.exec(text.trim())
  const base64 = (pem?.[1] ?? text).replaceAll(/\s/g, '')
  const der = Buffer.from(base64, 'base64')
  const isKey = der.byteLength === SPKI_BYTES && der.subarray(0, PREFIX.byteLength).equals(PREFIX)
  // What Buffer leaves out in silence does not come back.
  return isKey && der.toString('base64') === base64 ? base64 : undefined
}

/** The public key of a node, of one of its {@link FleetNode.publicKeys}. */
export function nodePublicKey(base64: string): KeyObject {
  return createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' })
}
