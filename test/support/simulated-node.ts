import { describeInput, digestOf, fingerprint, type Digest, type Input } from '../../src/domain/index.ts'
import type { FleetNode } from '../../src/config/index.ts'
import { attestNode, type NodeKey } from '../../src/runtime/admin/attest-node.ts'
import { nodeKeyPair } from './node-key.ts'

/** An artifact of which only what a node says about it exists. */
export interface SimulatedArtifact {
  readonly hash: Digest
  readonly digest: Digest
  readonly commit: string
  readonly inputs: readonly Input[]
}

/** An artifact of as many inputs; another seed gives another one. */
export function simulatedArtifact(seed: string, inputCount = 3): SimulatedArtifact {
  const inputs = Array.from({ length: inputCount }, (_, index) =>
    describeInput('spec', `specs/file-${index}.yaml`, Buffer.from(index === 0 ? seed : `shared ${index}`)),
  )
  const commit = digestOf(`commit ${seed}`).slice('sha256:'.length, 'sha256:'.length + 40)
  return { hash: fingerprint(inputs), digest: digestOf(`file ${seed}`), commit, inputs }
}

export interface SimulatedNode {
  readonly node: FleetNode
  readonly key: NodeKey
}

/** A node of a fleet with a key of its own. */
export function simulatedNode(name: string, change: Partial<FleetNode> = {}): SimulatedNode {
  const key = nodeKeyPair()
  const publicKey = key.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  const node: FleetNode = {
    name,
    environment: 'production',
    adminUrl: `http://${name}.invalid:8081`,
    publicKeys: [publicKey],
    revoked: undefined,
    labels: new Map(),
    wave: 0,
    tls: undefined,
    token: undefined,
    ...change,
  }
  return { node, key }
}

interface Answering {
  readonly name: string
  /** Null for a node that signs nothing. */
  readonly key: NodeKey | null
  readonly running: SimulatedArtifact
  readonly onDisk?: Digest | null
  readonly nonce: string
  readonly timeMs: number
}

/** The JSON with which a gateway answers at /_admin/provenance. */
export function provenanceJson({ name, key, running, onDisk = running.digest, nonce, timeMs }: Answering) {
  const time = new Date(timeMs).toISOString()
  const [startedAt, loadedAt] = ['2026-01-02T03:04:05.678Z', '2026-01-02T03:04:06.789Z']
  const artifact = { artifact_hash: running.hash, artifact_digest: running.digest, on_disk_digest: onDisk }
  const provenance = { commit: running.commit, source: null, dirty: false }
  return {
    ...artifact,
    artifact_version: 1,
    build_timestamp: '2026-01-02T03:04:05Z',
    compiler_version: '0.1.0',
    provenance,
    source_specs: [],
    plugins: [],
    inputs: running.inputs,
    signature: { status: 'unsigned' },
    node: { name, version: '0.1.0', started_at: startedAt, loaded_at: loadedAt },
    attestation:
      key &&
      attestNode(
        {
          ...artifact,
          nonce,
          node: name,
          commit: provenance.commit,
          dirty: provenance.dirty,
          version: '0.1.0',
          started_at: startedAt,
          loaded_at: loadedAt,
          time,
        },
        key,
      ),
  }
}
