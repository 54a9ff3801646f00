import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

import type { Artifact } from '../../artifact/index.ts'
import type { Digest } from '../../domain/index.ts'

export interface NodeFacts {
  readonly name: string
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

/** What the node runs (DESIGN §5.6), with the digest of the file as it is on disk now. */
export async function provenanceOf(source: ProvenanceSource, node: NodeFacts) {
  const { manifest, digest } = source.artifact
  return {
    artifact_hash: manifest.artifact_hash,
    artifact_digest: digest,
    artifact_version: manifest.barbacane_artifact_version,
    build_timestamp: manifest.build_timestamp,
    compiler_version: manifest.compiler.version,
    provenance: manifest.provenance,
    source_specs: manifest.source_specs,
    plugins: manifest.plugins,
    inputs: manifest.inputs,
    signature: source.signature,
    node: {
      name: node.name,
      version: node.version,
      started_at: new Date(node.startedAtMs).toISOString(),
      loaded_at: new Date(source.loadedAtMs).toISOString(),
    },
    on_disk_digest: source.artifactPath === null ? null : await digestOnDisk(source.artifactPath),
  }
}

/** Null where the file is gone or cannot be read any more, which is an answer too. */
async function digestOnDisk(path: string): Promise<Digest | null> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path), hash)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    return null
  }
  return `sha256:${hash.digest('hex')}`
}
