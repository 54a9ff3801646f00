import { sign, type KeyObject } from 'node:crypto'

import {
  canonicalJson,
  NODE_ATTESTATION_TYPE,
  preAuthEncoding,
  publicKeyId,
  type DsseEnvelope,
  type JsonValue,
  type NodeAttestation,
} from '../../domain/index.ts'

/** Who a node is: its name, and the Ed25519 key it proves that with. */
export interface NodeIdentity {
  readonly name: string
  /** Null where the node can prove nothing. */
  readonly key: NodeKey | null
}

export interface NodeKey {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** Signs what a node says about itself (DESIGN §5.6): a DSSE envelope over canonical JSON, Ed25519. */
export function attestNode(attestation: NodeAttestation, { privateKey, publicKey }: NodeKey): DsseEnvelope {
  const payload = Buffer.from(canonicalJson(attestation as unknown as JsonValue))
  const signature = sign(null, preAuthEncoding(NODE_ATTESTATION_TYPE, payload), privateKey)
  return {
    payloadType: NODE_ATTESTATION_TYPE,
    payload: payload.toString('base64'),
    signatures: [{ keyid: publicKeyId(publicKey), sig: signature.toString('base64') }],
  }
}
