import type { Artifact } from '../../artifact/index.ts'
import type { Digest } from '../../domain/index.ts'
import { attestNode, type NodeIdentity } from './attest-node.ts'

export interface NodeFacts {
  readonly identity: NodeIdentity
  readonly version: string
  readonly startedAtMs: number
}

/** What was found of the artifact's signature before it was loaded. */
export type SignatureStatus =
  | { readonly status: 'unsigned' }
  | { readonly status: 'verified'; readonly identity: string }

export interface ProvenanceSource {
  readonly artifact: Artifact
  readonly artifactPath: string | null
  readonly loadedAtMs: number
  readonly signature: SignatureStatus
}

/** One process that serves for the node: itself, or a worker of it. */
export interface WorkerReport {
  readonly worker: number
  readonly pid: number
  readonly configurations: readonly ConfigurationReport[]
}

/** What a process has of configurations. */
export interface ConfigurationReport {
  readonly artifact_hash: string
  readonly artifact_digest: string
  /** `loading` takes no requests yet; `retired` takes no more and ends with those that it has. */
  readonly state: 'loading' | 'active' | 'retired'
  readonly loaded_at: string | null
  readonly requests_in_flight: number
}

/** The answer to one question about provenance. */
export interface ProvenanceMoment {
  readonly nowMs: number
  /** Of the file as it is on disk now. */
  readonly onDiskDigest: Digest | null
  /** Undefined where no proof was asked for. */
  readonly nonce: string | undefined
  readonly workers: readonly WorkerReport[]
}

/** What the node runs (DESIGN §5.6; `schemas/provenance.json`), signed where it is asked for and the node has a key. */
export function provenanceOf(source: ProvenanceSource, node: NodeFacts, moment: ProvenanceMoment) {
  const { manifest, digest } = source.artifact
  const { name, key } = node.identity
  const [startedAt, loadedAt, time] = [node.startedAtMs, source.loadedAtMs, moment.nowMs].map((timeMs) =>
    new Date(timeMs).toISOString(),
  ) as [string, string, string]
  const artifact = { artifact_hash: manifest.artifact_hash, artifact_digest: digest }
  const { nonce, onDiskDigest } = moment
  return {
    ...artifact,
    artifact_version: manifest.barbacane_artifact_version,
    build_timestamp: manifest.build_timestamp,
    compiler_version: manifest.compiler.version,
    provenance: manifest.provenance,
    source_specs: manifest.source_specs,
    plugins: manifest.plugins,
    inputs: manifest.inputs,
    signature: source.signature,
    node: { name, version: node.version, started_at: startedAt, loaded_at: loadedAt },
    on_disk_digest: onDiskDigest,
    workers: moment.workers,
    attestation:
      nonce === undefined || key === null
        ? null
        : attestNode(
            {
              ...artifact,
              nonce,
              node: name,
              on_disk_digest: onDiskDigest,
              commit: manifest.provenance.commit,
              dirty: manifest.provenance.dirty,
              version: node.version,
              started_at: startedAt,
              loaded_at: loadedAt,
              time,
            },
            key,
          ),
  }
}
