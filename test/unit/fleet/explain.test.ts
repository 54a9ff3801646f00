import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { decodeArtifact } from '../../../src/artifact/index.ts'
import { printRelease, type Release } from '../../../src/config/index.ts'
import type { Digest } from '../../../src/domain/index.ts'
import {
  explainDrift,
  readDesiredState,
  type Drift,
  type FindArtifact,
  type FleetFindings,
  type NodeReport,
} from '../../../src/fleet/index.ts'
import { sumUp } from '../../../src/fleet/fleet-report.ts'
import { gitRepository } from '../../support/git-repository.ts'
import { planArtifact, route } from '../../support/plan-artifact.ts'

const spec = (text: string) => ({ specs: { 'specs/api.yaml': text } })
const [old, pinned, later, strange] = [
  planArtifact({ routes: [route('GET', '/a'), route('GET', '/b')], ...spec('old') }),
  planArtifact({ routes: [route('GET', '/a')], ...spec('pinned') }),
  planArtifact({ routes: [route('GET', '/c')], ...spec('later') }),
  planArtifact({ routes: [], specs: { 'specs/strange.yaml': 'x' } }),
].map((bytes) => decodeArtifact(bytes)) as [Made, Made, Made, Made]
type Made = ReturnType<typeof decodeArtifact>

const FLEET = `version: 1
environments: { staging: {}, production: {}, empty: {} }
nodes: [{ name: a, environment: production, admin_url: "http://a:8081" }]
`

function release({ manifest, digest }: Made): Release {
  const none = { image: null, identity: null, releasedBy: null, releasedAt: null, reason: null }
  return { artifactHash: manifest.artifact_hash, artifactDigest: digest, commit: 'c'.repeat(40), ...none }
}

const pin = (environment: string, made: Made) => ({
  [`environments/${environment}/release.yaml`]: printRelease(release(made)),
})

function drifted(name: string, running: Made, change: Partial<NodeReport> = {}): NodeReport {
  return {
    node: name,
    environment: 'production',
    admin_url: 'http://a:8081',
    verdict: 'ConfigurationDrift',
    reason: 'artifact-differs',
    message: '',
    attested: true,
    claims: {
      artifact_hash: running.manifest.artifact_hash,
      artifact_digest: running.digest,
      on_disk_digest: running.digest,
      commit: 'd'.repeat(40),
      dirty: false,
      version: '0.1.0',
      started_at: '',
      loaded_at: '',
    },
    desired: {
      artifact_hash: pinned.manifest.artifact_hash,
      artifact_digest: pinned.digest,
      image: null,
      commit: null,
    },
    probe: null,
    ...change,
  }
}

function findingsOf(nodes: readonly NodeReport[], listed: readonly Made[] = []): FleetFindings {
  const report = sumUp(nodes, { verified_at: '', duration_ms: 1, ref: 'HEAD', commit: '' })
  return {
    report,
    inputs: new Map(listed.map(({ manifest }) => [manifest.artifact_hash, manifest.inputs])),
  }
}

const nowhere: FindArtifact = async () => ({ missing: 'it is nowhere' })

describe('explainDrift', () => {
  it('tells which release a node runs, who superseded it and when, by the history of its environment', async () => {
    await using repository = await gitRepository({ 'fleet.yaml': FLEET })
    const { path: folder } = repository
    await repository.commit({ ...pin('production', old), ...pin('staging', strange) }, 'Release old')
    await repository.commit(pin('production', pinned), 'Release pinned')
    const asked = repository.git('rev-parse', 'HEAD')
    await repository.commit(pin('production', later), 'Release later')
    const stranger = planArtifact({ routes: [route('GET', '/z')] })
    const nodes = [
      drifted('behind', old),
      drifted('behind-too', old),
      drifted('ahead', later),
      drifted('elsewhere', strange),
      drifted('unknown', decodeArtifact(stranger)),
    ]
    const state = await readDesiredState({ folder, ref: asked })
    const drifts = await explainDrift(state, findingsOf(nodes), { folder, findArtifact: nowhere })
    const shown = ({ nodes: names, standing }: Drift) => {
      const release = 'release' in standing ? [standing.releases, standing.release.subject] : []
      const rest = standing.kind === 'behind' ? [standing.superseded_by.subject] : []
      const others = standing.kind === 'elsewhere' ? standing.environments : []
      return [names.join('+'), standing.kind, ...release, ...rest, ...others].join(' ')
    }
    assert.deepEqual(drifts.map(shown), [
      'behind+behind-too behind 1 Release old Release pinned',
      'ahead ahead 1 Release later',
      'elsewhere elsewhere staging',
      'unknown unknown',
    ])
    const [behind] = drifts
    assert.ok(behind?.standing.kind === 'behind')
    const committedMs = Number(repository.git('log', '-1', '--format=%ct', asked)) * 1000
    assert.equal(behind.standing.superseded_by.commit, asked)
    assert.equal(behind.standing.superseded_by.committed_at, new Date(committedMs).toISOString())
    assert.deepEqual([behind.inputs, behind.api], [null, null])
    assert.deepEqual(behind.notes, [
      'The desired artifact: it is nowhere.',
      'The running artifact: it is nowhere.',
    ])
  })

  it('compares the inputs that nodes have proven, without having any artifact', async () => {
    await using repository = await gitRepository({ 'fleet.yaml': FLEET, ...pin('production', pinned) })
    const { path: folder } = repository
    const state = await readDesiredState({ folder })
    const sources = { folder, findArtifact: nowhere }
    const [drift] = await explainDrift(state, findingsOf([drifted('a', strange)], [pinned, strange]), sources)
    assert.deepEqual(
      drift?.inputs?.map(({ path, desired_sha256: desired, running_sha256: running }) => [
        path,
        desired !== null,
        running !== null,
      ]),
      [
        ['specs/api.yaml', true, false],
        ['specs/strange.yaml', false, true],
      ],
    )
    // A list that does not give the fingerprint counts as none.
    const forged: FleetFindings = {
      ...findingsOf([drifted('a', strange)], [pinned]),
      inputs: new Map<Digest, unknown>([
        [pinned.manifest.artifact_hash, pinned.manifest.inputs],
        [strange.manifest.artifact_hash, pinned.manifest.inputs],
      ]),
    }
    const [unproven] = await explainDrift(state, forged, sources)
    assert.equal(unproven?.inputs, null)
  })

  it('compares the APIs where both artifacts can be had, each looked for once', async () => {
    await using repository = await gitRepository({ 'fleet.yaml': FLEET, ...pin('production', pinned) })
    const { path: folder } = repository
    const state = await readDesiredState({ folder })
    const wanted: string[] = []
    const findArtifact: FindArtifact = async ({ digest, commit }) => {
      wanted.push(commit?.[0] ?? 'none')
      const artifact = [old, pinned, later].find((made) => made.digest === digest)
      return artifact ? { artifact } : { missing: 'it is nowhere' }
    }
    const tampered = drifted('b', later, { verdict: 'TamperedOnDisk', reason: 'file-changed' })
    const claims = drifted('c', strange).claims
    const dirty = drifted('c', strange, { claims: claims && { ...claims, dirty: true } })
    const drifts = await explainDrift(state, findingsOf([drifted('a', old), tampered, dirty]), {
      folder,
      findArtifact,
    })
    assert.deepEqual(drifts[0]?.api?.operations, { added: ['GET /b'], changed: [], removed: [] })
    assert.deepEqual(
      drifts[0]?.inputs?.map(({ path }) => path),
      ['specs/api.yaml'],
    )
    assert.deepEqual(drifts[1]?.api?.counts.breaking, 1)
    assert.deepEqual(drifts[2]?.notes, ['The running artifact: it is nowhere.'])
    assert.deepEqual(wanted, ['none', 'd', 'd', 'none'])
  })

  it('explains nothing about nodes that are in sync, not believed, or have the pinned artifact in memory', async () => {
    await using repository = await gitRepository({ 'fleet.yaml': FLEET, ...pin('production', pinned) })
    const { path: folder } = repository
    const state = await readDesiredState({ folder })
    const sources = { folder, findArtifact: nowhere }
    const nodes = [
      drifted('a', pinned, { verdict: 'InSync', reason: 'in-sync' }),
      drifted('b', old, { verdict: 'NotVerified', reason: 'wrong-key' }),
      drifted('c', pinned, { verdict: 'TamperedOnDisk', reason: 'file-changed' }),
      drifted('d', old, { verdict: 'Unreachable', reason: 'timeout', claims: null }),
    ]
    assert.deepEqual(await explainDrift(state, findingsOf(nodes), sources), [])
    const nothing = drifted('e', old, { environment: 'empty', desired: null, reason: 'nothing-released' })
    const [drift] = await explainDrift(state, findingsOf([nothing]), sources)
    assert.deepEqual(drift?.notes, ['There is no release to compare with.'])
  })
})
