import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { parseFleet, printRelease } from '../../../src/config/index.ts'
import { ExitCode } from '../../../src/domain/index.ts'
import { selectNodes, verifyFleet, type DesiredState, type ProbeHost } from '../../../src/fleet/index.ts'
import { exitOfFleet, sumUp } from '../../../src/fleet/fleet-report.ts'
import {
  applyReleaseVerifications,
  exitOfVerified,
  type ReleaseVerification,
} from '../../../src/fleet/index.ts'
import { expectProblem } from '../../support/expect-problem.ts'
import { provenanceJson, simulatedArtifact, simulatedNode } from '../../support/simulated-node.ts'

const artifact = simulatedArtifact('pinned')
const release = {
  artifactHash: artifact.hash,
  artifactDigest: artifact.digest,
  image: null,
  commit: null,
  identity: null,
  releasedBy: null,
  releasedAt: null,
  reason: null,
}
const FLEET = `version: 1
environments: { staging: {}, production: {} }
nodes:
  - { name: edge-1, environment: production, admin_url: "http://edge-1:8081" }
  - { name: edge-2, environment: production, admin_url: "http://edge-2:8081" }
  - { name: test-1, environment: staging, admin_url: "http://test-1:8081" }
`

function stateOf(fleet = FLEET): DesiredState {
  const bytes = Buffer.from(printRelease(release))
  return {
    ref: 'HEAD',
    commit: 'a'.repeat(40),
    chosen: 'head',
    fleet: parseFleet('fleet.yaml', fleet),
    releases: new Map([['production', { release, blob: 'b'.repeat(40), bytes }]]),
  }
}

describe('verifyFleet', () => {
  it('asks every node but those that are revoked, and sums up', async () => {
    const [good, drifted, dead, keyless] = ['good', 'drifted', 'dead', 'keyless'].map((name) =>
      simulatedNode(name),
    ) as [
      ReturnType<typeof simulatedNode>,
      ReturnType<typeof simulatedNode>,
      ReturnType<typeof simulatedNode>,
      ReturnType<typeof simulatedNode>,
    ]
    const revoked = simulatedNode('revoked', { revoked: { at: '2026-01-02T03:04:05Z', reason: undefined } })
    const asked: string[] = []
    const host: ProbeHost = {
      cwd: '/',
      env: {},
      signal: new AbortController().signal,
      nowMs: () => Date.parse('2026-05-06T07:08:09Z'),
      monotonicMs: () => 0,
      random: () => 0,
      nonce: () => 'a-nonce-of-22-characters',
      wait: async () => undefined,
      ask: async ({ url }) => {
        const name = url.hostname.replace('.invalid', '')
        asked.push(name)
        if (name === 'dead') return { failure: { reason: 'timeout', detail: 'x', isTransient: true } }
        const running = name === 'drifted' ? simulatedArtifact('other') : artifact
        const key = { good: good.key, drifted: drifted.key }[name] ?? null
        const nonce = url.searchParams.get('nonce') ?? ''
        return {
          body: Buffer.from(
            JSON.stringify(provenanceJson({ name, key, running, nonce, timeMs: host.nowMs() })),
          ),
        }
      },
    }
    const nodes = [good, drifted, dead, { node: { ...keyless.node, publicKeys: [] } }, revoked].map(
      ({ node }) => node,
    )
    const request = {
      folder: '/',
      nodes,
      timeoutMs: 1000,
      retries: 1,
      concurrency: 2,
      perHost: 1,
      maxSkewMs: 1000,
      requireAttestation: false,
    }
    const { report, inputs } = await verifyFleet(stateOf(), request, host)
    assert.deepEqual(asked.toSorted(), ['dead', 'dead', 'drifted', 'good', 'keyless'])
    assert.deepEqual(
      report.nodes.map(({ node, reason }) => `${node} ${reason}`),
      ['good in-sync', 'drifted artifact-differs', 'dead timeout', 'keyless in-sync', 'revoked revoked'],
    )
    assert.deepEqual(report.counts, {
      InSync: 2,
      ConfigurationDrift: 1,
      TamperedOnDisk: 0,
      NotVerified: 1,
      Unreachable: 1,
    })
    assert.deepEqual(
      [report.verified, report.unattested, report.verified_at],
      [false, 1, '2026-05-06T07:08:09.000Z'],
    )
    assert.deepEqual(
      [...inputs.keys()].toSorted(),
      [artifact.hash, simulatedArtifact('other').hash].toSorted(),
    )
    assert.equal(report.nodes[4]?.probe, null)
  })
})

describe('exitOfFleet', () => {
  it('is that of the gravest verdict', () => {
    const none = { InSync: 1, ConfigurationDrift: 0, TamperedOnDisk: 0, NotVerified: 0, Unreachable: 0 }
    const exit = (change: object) => exitOfFleet({ counts: { ...none, ...change } })
    assert.equal(exit({}), ExitCode.ok)
    assert.equal(exit({ Unreachable: 1 }), ExitCode.inconclusive)
    assert.equal(exit({ Unreachable: 1, ConfigurationDrift: 1 }), ExitCode.drift)
    assert.equal(exit({ ConfigurationDrift: 1, NotVerified: 1 }), ExitCode.notVerified)
    assert.equal(exit({ Unreachable: 1, TamperedOnDisk: 1 }), ExitCode.notVerified)
  })
})

describe('applyReleaseVerifications', () => {
  it('believes no node that runs what is not verified itself, and is inconclusive about what is out of reach', () => {
    const node = (name: string, environment: string, verdict: 'InSync' | 'Unreachable') => ({
      node: name,
      environment,
      admin_url: '',
      verdict,
      reason: verdict === 'InSync' ? ('in-sync' as const) : ('timeout' as const),
      message: '',
      attested: true,
      claims: null,
      desired: null,
      probe: null,
    })
    const nodes = [
      node('a', 'production', 'InSync'),
      node('b', 'production', 'Unreachable'),
      node('c', 'staging', 'InSync'),
    ]
    const report = sumUp(nodes, { verified_at: '', duration_ms: 1, ref: 'HEAD', commit: '' })
    const of = (environment: string, status: ReleaseVerification['status']): ReleaseVerification => {
      return { environment, artifact_digest: artifact.digest, status, chain: [] }
    }
    const failed = [of('production', 'failed'), of('staging', 'verified')]
    const applied = applyReleaseVerifications(report, failed)
    assert.deepEqual(
      applied.nodes.map(({ verdict, reason }) => `${verdict} ${reason}`),
      ['NotVerified release-unverified', 'Unreachable timeout', 'InSync in-sync'],
    )
    assert.equal(applied.counts.NotVerified, 1)
    assert.equal(exitOfVerified(applied, failed), ExitCode.notVerified)
    const good = sumUp(nodes.slice(0, 1), report)
    const unreached = [of('production', 'unreached')]
    assert.equal(applyReleaseVerifications(good, unreached).verified, false)
    assert.equal(exitOfVerified(good, unreached), ExitCode.inconclusive)
    const skipped = [of('production', 'skipped')]
    assert.equal(applyReleaseVerifications(good, skipped).verified, true)
    assert.equal(exitOfVerified(good, skipped), ExitCode.ok)
  })
})

describe('selectNodes', () => {
  const names = (selection: Parameters<typeof selectNodes>[1]) =>
    selectNodes(stateOf(), selection).map(({ name }) => name)

  it('takes the nodes of the environments and names that are given', () => {
    assert.deepEqual(names({}), ['edge-1', 'edge-2', 'test-1'])
    assert.deepEqual(names({ environments: ['production'] }), ['edge-1', 'edge-2'])
    assert.deepEqual(names({ environments: ['production'], nodes: ['edge-2', 'test-1'] }), ['edge-2'])
  })

  it('refuses what is not there, and to verify nobody', () => {
    const near = expectProblem('BCN_FLEET_NO_NODE', () => names({ nodes: ['edge-11'] }))
    assert.match(near.hint, /^Did you mean edge-1/)
    const far = expectProblem('BCN_FLEET_NO_NODE', () => names({ nodes: ['something'] }))
    assert.match(far.hint, /^Name a node as/)
    expectProblem('BCN_FLEET_NO_ENVIRONMENT', () => names({ environments: ['prod'] }))
    expectProblem('BCN_FLEET_NO_NODES', () => names({ environments: ['staging'], nodes: ['edge-1'] }))
    const empty = 'version: 1\nenvironments: { staging: {} }\nnodes: []\n'
    expectProblem('BCN_FLEET_NO_NODES', () => selectNodes(stateOf(empty), {}))
  })
})
