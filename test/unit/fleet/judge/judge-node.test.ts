import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { canonicalJson, NODE_ATTESTATION_TYPE } from '../../../../src/domain/index.ts'
import { judgeNode, type ProvenLists, type Standard } from '../../../../src/fleet/judge/index.ts'
import type { Probe } from '../../../../src/fleet/probe/index.ts'
import { parseProvenance } from '../../../../src/fleet/probe/provenance-answer.ts'
import type { FailureReason, Judgement } from '../../../../src/fleet/verdict.ts'
import { attestNode } from '../../../../src/runtime/admin/attest-node.ts'
import { provenanceJson, simulatedArtifact, simulatedNode } from '../../../support/simulated-node.ts'

const NOW = Date.parse('2026-05-06T07:08:09Z')
const NONCE = 'a-nonce-of-22-characters'
const [pinned, other] = [simulatedArtifact('pinned'), simulatedArtifact('other')]
const { node, key } = simulatedNode('edge-1')
const standard: Standard = {
  pinned: { artifactHash: pinned.hash, artifactDigest: pinned.digest },
  maxSkewMs: 60_000,
  requireAttestation: false,
  provenLists: new Map(),
}
const honest = { name: 'edge-1', key, running: pinned, nonce: NONCE, timeMs: NOW + 5 }

function probeOf(body: object): Probe {
  const answer = parseProvenance(Buffer.from(JSON.stringify(body)))
  return {
    nonce: NONCE,
    sentAtMs: NOW,
    receivedAtMs: NOW + 10,
    durationMs: 10,
    attempts: 1,
    outcome: { answer },
  }
}

/** `Verdict reason`, with a mark where it is attested. */
function judge(body: object, change: Partial<Standard> = {}, asked = node): string {
  return shown(judgeNode(asked, probeOf(body), { ...standard, ...change }))
}

function shown({ verdict, reason, attested }: Judgement): string {
  return `${verdict} ${reason}${attested ? ' attested' : ''}`
}

describe('judgeNode', () => {
  it('finds a node in sync that has signed that it runs the pinned bytes, on disk too', () => {
    assert.equal(judge(provenanceJson(honest)), 'InSync in-sync attested')
  })

  it('tells apart how a node differs from what is pinned', () => {
    const drifted = { ...honest, running: other }
    assert.equal(judge(provenanceJson(drifted)), 'ConfigurationDrift artifact-differs attested')
    const pending = provenanceJson({ ...drifted, onDisk: pinned.digest })
    assert.equal(judge(pending), 'ConfigurationDrift restart-pending attested')
    const rebuilt = { ...pinned, digest: other.digest }
    assert.equal(
      judge(provenanceJson({ ...honest, running: rebuilt })),
      'ConfigurationDrift build-differs attested',
    )
    assert.equal(
      judge(provenanceJson(honest), { pinned: undefined }),
      'ConfigurationDrift nothing-released attested',
    )
  })

  it('finds workers that do not serve the same, which only makes a judgement worse', () => {
    const worker = (digest: string, state = 'active') => ({
      worker: 0,
      configurations: [{ artifact_digest: digest, state }],
    })
    const served = (change: Partial<typeof honest>, ...workers: readonly object[]) =>
      judge({ ...provenanceJson({ ...honest, ...change }), workers })
    const [one, two] = [worker(pinned.digest), worker(other.digest)]
    assert.equal(served({}, one, one, worker(other.digest, 'retired')), 'InSync in-sync attested')
    const silent = { worker: 1, configurations: [] }
    assert.equal(served({}, one, silent), 'InSync in-sync attested')
    assert.equal(served({}, one, two), 'ConfigurationDrift workers-differ attested')
    assert.equal(served({ running: other }, one, two), 'ConfigurationDrift workers-differ attested')
    assert.equal(served({ running: other }, two), 'ConfigurationDrift artifact-differs attested')
    // Whoever changes the list on its way makes nothing look better.
    assert.equal(served({ running: other }, one), 'ConfigurationDrift workers-differ attested')
    const tampered = { ...provenanceJson({ ...honest, onDisk: other.digest }), workers: [one, two] }
    assert.equal(judge(tampered), 'TamperedOnDisk file-changed attested')
    assert.throws(() => served({}, { configurations: [{ state: 'active', artifact_digest: 'sha256:1' }] }), {
      message: /workers\/0\/configurations\/0\/artifact_digest/,
    })
  })

  it('finds a file that is not what was loaded', () => {
    const changed = provenanceJson({ ...honest, onDisk: other.digest })
    assert.equal(judge(changed), 'TamperedOnDisk file-changed attested')
    const gone = provenanceJson({ ...honest, onDisk: null })
    assert.equal(judge(gone), 'TamperedOnDisk file-missing attested')
    const third = provenanceJson({ ...honest, running: other, onDisk: simulatedArtifact('third').digest })
    assert.equal(judge(third), 'TamperedOnDisk file-changed attested')
    assert.equal(judge(changed, { pinned: undefined }), 'TamperedOnDisk file-changed attested')
  })

  it('believes nothing that the key of the node has not signed for this question', () => {
    const stranger = simulatedNode('edge-1').key
    const old = provenanceJson({ ...honest, nonce: 'an-older-nonce-of-22-characters' })
    const [early, late] = [-61_000, 61_000].map((skewMs) =>
      provenanceJson({ ...honest, timeMs: NOW + 5 + skewMs }),
    )
    assert.equal(judge(provenanceJson({ ...honest, key: null })), 'NotVerified attestation-missing')
    assert.equal(judge(provenanceJson({ ...honest, key: stranger })), 'NotVerified wrong-key')
    assert.equal(judge(old), 'NotVerified replayed')
    assert.equal(judge(provenanceJson({ ...honest, name: 'edge-2' })), 'NotVerified node-mismatch')
    assert.equal(judge(early as object), 'NotVerified clock-skew')
    assert.equal(judge(late as object), 'NotVerified clock-skew')
    assert.equal(judge(late as object, { maxSkewMs: 62_000 }), 'InSync in-sync attested')
  })

  it('finds an answer that was changed on its way, in every member that counts', () => {
    const answer = provenanceJson(honest)
    const drifted = provenanceJson({ ...honest, running: other })
    const changes = [
      { artifact_hash: other.hash, inputs: other.inputs },
      { artifact_digest: other.digest },
      { on_disk_digest: null },
      { on_disk_digest: other.digest },
      { provenance: { ...answer.provenance, commit: null } },
      { provenance: { ...answer.provenance, dirty: true } },
      { node: { ...answer.node, version: '9.9.9' } },
      { node: { ...answer.node, started_at: '2026-02-02T03:04:05.678Z' } },
      { node: { ...answer.node, loaded_at: '2026-02-02T03:04:05.678Z' } },
    ]
    for (const change of changes)
      assert.equal(judge({ ...answer, ...change }), 'NotVerified statement-mismatch')
    // A node that runs another artifact and says in the open that it runs the pinned one.
    const lie = {
      ...drifted,
      artifact_hash: pinned.hash,
      artifact_digest: pinned.digest,
      inputs: pinned.inputs,
    }
    assert.equal(judge({ ...lie, on_disk_digest: pinned.digest }), 'NotVerified statement-mismatch')
    assert.equal(judge({ ...answer, inputs: other.inputs }), 'NotVerified inputs-mismatch')
    assert.equal(judge({ ...answer, inputs: 'none' }), 'NotVerified inputs-mismatch')
    assert.equal(
      judge({ ...answer, inputs: [...pinned.inputs, ...pinned.inputs] }),
      'NotVerified inputs-mismatch',
    )
    const collision = provenanceJson({ ...honest, running: { ...other, digest: pinned.digest } })
    assert.equal(judge(collision), 'NotVerified statement-mismatch attested')
  })

  it('proves a list once, and does not take another one for it', () => {
    const provenLists: ProvenLists = new Map()
    const answer = provenanceJson({ ...honest, key: null })
    const judgeAgain = (change: object) =>
      judge({ ...answer, ...change }, { provenLists }, { ...node, publicKeys: [] })
    for (let time = 0; time < 3; time++) assert.equal(judgeAgain({}), 'InSync in-sync')
    assert.deepEqual([...provenLists], [[pinned.hash, pinned.inputs]])
    const [first, ...rest] = pinned.inputs
    for (const inputs of [rest, [...rest, first], [{ ...first, sha256: 'f'.repeat(64) }, ...rest], null]) {
      const expected = inputs?.length === 3 && inputs.at(-1) === first ? 'InSync in-sync' : 'inputs-mismatch'
      assert.match(judgeAgain({ inputs }), new RegExp(`${expected}$`))
    }
    for (let index = 0; index < 50; index++) {
      const running = simulatedArtifact(`release ${index}`)
      assert.match(judgeAgain(provenanceJson({ ...honest, key: null, running })), /artifact-differs$/)
    }
    assert.equal(provenLists.size, 32)
  })

  it('finds an envelope that was changed, or is none', () => {
    const answer = provenanceJson(honest)
    const envelope = answer.attestation
    assert.ok(envelope)
    const [signature] = envelope.signatures
    const payload = Buffer.from(canonicalJson({ nonce: NONCE })).toString('base64')
    assert.equal(judge({ ...answer, attestation: { ...envelope, payload } }), 'NotVerified signature-invalid')
    const asOther = { ...envelope, payloadType: 'application/vnd.in-toto+json' }
    const malformed = [
      asOther,
      'none',
      {},
      { ...envelope, payload: '%' },
      { ...envelope, signatures: [{ ...signature, sig: 1 }] },
      attestNode({ nonce: NONCE } as never, key),
    ]
    for (const attestation of malformed)
      assert.equal(judge({ ...answer, attestation }), 'NotVerified attestation-malformed')
    assert.equal(judge({ ...answer, attestation: { ...envelope, signatures: [] } }), 'NotVerified wrong-key')
    assert.equal(envelope.payloadType, NODE_ATTESTATION_TYPE)
  })

  it('accepts either key while one replaces the other', () => {
    const next = simulatedNode('edge-1', {})
    const both = { ...node, publicKeys: [...next.node.publicKeys, ...node.publicKeys] }
    assert.equal(judge(provenanceJson(honest), {}, both), 'InSync in-sync attested')
    assert.equal(judge(provenanceJson({ ...honest, key: next.key }), {}, both), 'InSync in-sync attested')
  })

  it('says so where a node can prove nothing, and does not believe it where proof is required', () => {
    const keyless = { ...node, publicKeys: [] }
    const answer = provenanceJson({ ...honest, key: null })
    assert.equal(judge(answer, {}, keyless), 'InSync in-sync')
    assert.equal(judge(answer, { requireAttestation: true }, keyless), 'NotVerified key-unknown')
    assert.equal(judge({ ...answer, inputs: [] }, {}, keyless), 'NotVerified inputs-mismatch')
  })

  it('trusts a revoked node in nothing', () => {
    const revoked = { ...node, revoked: { at: '2026-01-02T03:04:05Z', reason: 'stolen' } }
    const judgement = judgeNode(revoked, probeOf(provenanceJson(honest)), standard)
    assert.equal(shown(judgement), 'NotVerified revoked')
    assert.equal(judgement.message, 'It was revoked at 2026-01-02T03:04:05Z: stolen. It was not asked.')
  })

  it('knows nothing about a node that gave no answer', () => {
    const reason: FailureReason = 'timeout'
    const failure = { reason, detail: 'there was no whole answer within 5 s', isTransient: true }
    const judgement = judgeNode(node, { ...probeOf(provenanceJson(honest)), outcome: { failure } }, standard)
    assert.equal(shown(judgement), 'Unreachable timeout')
    assert.equal(judgement.message, 'Nothing was learnt: there was no whole answer within 5 s.')
    assert.equal(judgement.claims, null)
  })
})
