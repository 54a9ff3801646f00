import { decode, DecodeError, isObject, type Digest } from '../../domain/index.ts'

/** What a node says at `/_admin/provenance`; nothing of it is proven by that. */
export interface ProvenanceAnswer {
  readonly artifactHash: Digest
  readonly artifactDigest: Digest
  readonly onDiskDigest: Digest | null
  readonly commit: string | null
  readonly dirty: boolean | null
  readonly nodeName: string
  readonly version: string
  readonly startedAt: string
  readonly loadedAt: string
  /** What its workers serve by their own words, each once; nothing where it has none. */
  readonly workerDigests: readonly Digest[]
  /** The leaves of the fingerprint, not looked at yet. */
  readonly inputs: unknown
  /** The envelope, not looked at yet; null where there is none. */
  readonly attestation: unknown
}

const digest = decode.matching<Digest>(/^sha256:[0-9a-f]{64}$/, 'a digest')
const commit = decode.nullable(
  decode.matching<string>(/^[0-9a-f]{40}$|^[0-9a-f]{64}$/, 'the full id of a commit'),
)
// Bounded, because they are shown.
const word = decode.matching<string>(/^[\x20-\x7e]{1,255}$/, 'a line of up to 255 characters')
const time = decode.matching<string>(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/, 'a time in UTC')
const configurations = decode.list((value, path) => {
  if (!isObject(value)) throw new DecodeError(path, 'an object')
  return value['state'] === 'active' ? [digest(value['artifact_digest'], `${path}/artifact_digest`)] : []
})
const workers = decode.list((value, path) => {
  if (!isObject(value)) throw new DecodeError(path, 'an object')
  return configurations(value['configurations'], `${path}/configurations`).flat()
})

/**
 * Reads the body of an answer. Members that this version does not know are left alone: a gateway may be newer.
 *
 * @throws {DecodeError} with the place that does not fit; {SyntaxError} where it is no JSON.
 */
export function parseProvenance(body: Buffer): ProvenanceAnswer {
  const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  if (!isObject(value)) throw new DecodeError('', 'an object')
  const { node, provenance } = value
  if (!isObject(node)) throw new DecodeError('/node', 'an object')
  if (!isObject(provenance)) throw new DecodeError('/provenance', 'an object')
  return {
    artifactHash: digest(value['artifact_hash'], '/artifact_hash'),
    artifactDigest: digest(value['artifact_digest'], '/artifact_digest'),
    onDiskDigest: decode.nullable(digest)(value['on_disk_digest'], '/on_disk_digest'),
    commit: commit(provenance['commit'], '/provenance/commit'),
    dirty: decode.nullable(decode.flag)(provenance['dirty'], '/provenance/dirty'),
    nodeName: word(node['name'], '/node/name'),
    version: word(node['version'], '/node/version'),
    startedAt: time(node['started_at'], '/node/started_at'),
    loadedAt: time(node['loaded_at'], '/node/loaded_at'),
    workerDigests: [...new Set(workers(value['workers'] ?? [], '/workers').flat())],
    inputs: value['inputs'],
    attestation: value['attestation'] ?? null,
  }
}
