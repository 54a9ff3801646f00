import * as decode from './decode.ts'
import type { Digest } from './digest.ts'

/** The DSSE payload type of {@link NodeAttestation}; no other message of a node key has it. */
export const NODE_ATTESTATION_TYPE = 'application/vnd.barbacane.node-attestation.v1+json'

/** What a verifier sends so that an answer cannot be an old one: base64url, 128 bits or more. */
export const NONCE_PATTERN = /^[A-Za-z0-9_-]{22,128}$/

/** How a node may be called: what a DNS name can hold, so that it fits into labels and file names anywhere. */
export const NODE_NAME_PATTERN = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/

/** What a node signs about itself (DESIGN §5.6). Times are RFC 3339 in UTC with milliseconds. */
export interface NodeAttestation {
  /** The verifier's, as it was sent. */
  readonly nonce: string
  readonly node: string
  readonly artifact_hash: Digest
  /** SHA-256 of the bytes that were loaded, computed by the node. */
  readonly artifact_digest: Digest
  /** SHA-256 of the file now; null where there is none that could be an artifact. */
  readonly on_disk_digest: Digest | null
  readonly commit: string | null
  readonly dirty: boolean | null
  /** The version of the gateway. */
  readonly version: string
  readonly started_at: string
  readonly loaded_at: string
  /** The node's clock when it signed. */
  readonly time: string
}

const digest = decode.matching<Digest>(/^sha256:[0-9a-f]{64}$/, 'a digest')
const time = decode.matching<string>(
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/,
  'a time in UTC (RFC 3339)',
)

/** Reads the payload of an attestation; unknown members are refused, because nobody would judge them. */
export const nodeAttestation: decode.Decoder<NodeAttestation> = decode.object({
  nonce: decode.matching<string>(NONCE_PATTERN, 'a nonce'),
  node: decode.matching<string>(NODE_NAME_PATTERN, 'the name of a node'),
  artifact_hash: digest,
  artifact_digest: digest,
  on_disk_digest: decode.nullable(digest),
  commit: decode.nullable(decode.text),
  dirty: decode.nullable(decode.flag),
  version: decode.text,
  started_at: time,
  loaded_at: time,
  time,
})
