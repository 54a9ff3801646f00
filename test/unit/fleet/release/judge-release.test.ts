import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { parseFleet } from '../../../../src/config/index.ts'
import {
  judgeRelease,
  planPin,
  refusalOf,
  refuseOtherBuild,
  releaseProblems,
  type DesiredState,
  type Judging,
  type ReleaseFacts,
} from '../../../../src/fleet/index.ts'
import { expectProblem } from '../../../support/expect-problem.ts'
import { sampleRelease } from '../../../support/sample-release.ts'

const fleet = parseFleet(
  'fleet.yaml',
  `version: 1
environments:
  open: { allow_unsigned: true, breaking: allow }
  staging: {}
  production: { promote_from: [staging] }
nodes:
  - { name: b, environment: production, admin_url: "http://b:1", wave: 2 }
  - { name: a, environment: production, admin_url: "http://a:1" }
  - { name: x, environment: production, admin_url: "http://x:1", revoked: { at: "2026-01-02T03:04:05Z" } }
`,
)
const pin = (digit: string) => ({ release: sampleRelease(digit), blob: '', bytes: Buffer.alloc(0) })
const state: DesiredState = {
  ref: 'HEAD',
  commit: 'a'.repeat(40),
  chosen: 'head',
  fleet,
  releases: new Map([
    ['staging', pin('b')],
    ['production', pin('a')],
  ]),
}
const good: ReleaseFacts = {
  signature: { identity: 'somebody' },
  provenance: { commit: 'c'.repeat(40), source: null, dirty: false },
  difference: { counts: { breaking: 0, risky: 1, safe: 2 } },
}

function judge(
  change: { environment?: string; digit?: string; facts?: Partial<ReleaseFacts> } & Partial<Judging>,
) {
  const { environment = 'production', digit = 'b', facts, ...judging } = change
  const found = fleet.environments.get(environment)
  assert.ok(found)
  const planned = planPin(state, found, sampleRelease(digit))
  const context = { state, allowsBreaking: false, isReturn: false, ...judging }
  const checks = judgeRelease(planned, { ...good, ...facts }, context)
  return {
    checks: Object.fromEntries(checks.map(({ name, status }) => [name, status])),
    code: refusalOf(checks)?.code,
    planned,
  }
}

describe('judgeRelease', () => {
  it('passes what is signed, traced, promoted and harmless', () => {
    const { checks, code, planned } = judge({})
    assert.deepEqual(checks, { signature: 'passed', build: 'passed', promotion: 'passed', clients: 'passed' })
    assert.equal(code, undefined)
    assert.deepEqual(
      planned.nodes.map(({ name }) => name),
      ['a', 'b'],
    )
  })

  it('refuses what clients cannot be told about, unless somebody answers for it', () => {
    const breaking = { difference: { counts: { breaking: 1, risky: 0, safe: 0 } } }
    assert.equal(judge({ facts: breaking }).code, 'BCN_RELEASE_BREAKING')
    assert.equal(judge({ facts: { difference: { reason: 'gone.' } } }).code, 'BCN_RELEASE_NOT_COMPARED')
    assert.equal(judge({ facts: breaking, allowsBreaking: true }).checks['clients'], 'waived')
    assert.equal(judge({ facts: breaking, isReturn: true }).checks['clients'], 'waived')
    assert.equal(judge({ facts: breaking, environment: 'open' }).checks['clients'], 'skipped')
    assert.equal(judge({ facts: { difference: undefined } }).checks['clients'], 'skipped')
  })

  it('refuses what was not in the environment before, unless it comes back', () => {
    assert.equal(judge({ digit: 'c' }).code, 'BCN_RELEASE_NOT_PROMOTED')
    assert.equal(judge({ digit: 'c', isReturn: true }).checks['promotion'], 'skipped')
    assert.equal(judge({ digit: 'c', environment: 'staging' }).checks['promotion'], 'skipped')
    assert.equal(judge({ digit: 'c', allowsBreaking: true }).code, 'BCN_RELEASE_NOT_PROMOTED')
  })

  it('refuses what no commit stands for, except where nothing has to be signed', () => {
    const dirty = { provenance: { commit: 'c'.repeat(40), source: null, dirty: true } }
    const outside = { provenance: { commit: null, source: null, dirty: null } }
    for (const facts of [dirty, outside]) {
      assert.equal(judge({ facts }).code, 'BCN_RELEASE_DIRTY_BUILD')
      assert.equal(judge({ facts, isReturn: true }).code, 'BCN_RELEASE_DIRTY_BUILD')
      assert.equal(judge({ facts, environment: 'open' }).checks['build'], 'skipped')
    }
  })

  it('names the gravest refusal: not verified before not known before policy', () => {
    const { problem } = releaseProblems.BCN_RELEASE_OTHER_ARTIFACT({ image: 'i', expected: 'a', found: 'b' })
    const breaking = { difference: { counts: { breaking: 1, risky: 0, safe: 0 } } }
    assert.equal(judge({ digit: 'c', facts: { ...breaking, signature: { problem } } }).code, problem.code)
    const unknown = { difference: { reason: 'gone.' } }
    assert.equal(judge({ digit: 'c', facts: unknown }).code, 'BCN_RELEASE_NOT_COMPARED')
    const trusted = judge({ facts: { signature: { trusted: 'then' }, provenance: undefined } })
    assert.deepEqual(Object.keys(trusted.checks), ['signature', 'promotion', 'clients'])
    assert.equal(trusted.checks['signature'], 'waived')
  })
})

describe('refuseOtherBuild', () => {
  const provenance = { commit: 'c'.repeat(40), source: null, dirty: false }

  it('accepts a release that says of its artifact what that says, or nothing', () => {
    const release = sampleRelease('a')
    const manifest = { artifact_hash: release.artifactHash, provenance }
    refuseOtherBuild(release, manifest)
    refuseOtherBuild({ ...release, commit: provenance.commit }, manifest)
    refuseOtherBuild(release, { ...manifest, provenance: { ...provenance, commit: null } })
  })

  it('refuses one that speaks of another build', () => {
    const release = sampleRelease('a')
    const manifest = { artifact_hash: release.artifactHash, provenance }
    const refuse = (
      change: Partial<typeof release>,
      other: Parameters<typeof refuseOtherBuild>[1] = manifest,
    ) =>
      expectProblem('BCN_RELEASE_OTHER_BUILD', () => refuseOtherBuild({ ...release, ...change }, other))
        .message
    assert.match(refuse({ artifactHash: sampleRelease('b').artifactHash }), /artifact_hash: sha256:b/)
    assert.match(refuse({ commit: 'd'.repeat(40) }), /commit: d+`, and its artifact says c+/)
    const outside = { ...manifest, provenance: { ...provenance, commit: null } }
    assert.match(refuse({ commit: 'd'.repeat(40) }, outside), /says none/)
  })
})
