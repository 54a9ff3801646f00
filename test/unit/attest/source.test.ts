import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'

import { verifyTarget, type GitTreeEntry, type VerificationMeans } from '../../../src/attest/index.ts'
import { requireCommit } from '../../../src/attest/verify/check-git.ts'
import { repositoryUrl } from '../../../src/attest/verify/repository-url.ts'
import { expectProblem } from '../../support/expect-problem.ts'
import { signedSample, type SignedSample } from '../../support/signed-sample.ts'

describe('comparing with the source', () => {
  let sample: SignedSample
  before(async () => {
    sample = await signedSample()
  })

  async function report(means: VerificationMeans, requireGit = false) {
    return verifyTarget(sample.target, { ...sample.policy, requireGit }, means)
  }

  function tree(change: (entries: Map<string, GitTreeEntry>) => void = () => undefined) {
    const entries = new Map<string, GitTreeEntry>(
      sample.artifact.manifest.inputs.map(({ path, git_blob: id }) => [path, { mode: '100644', id }]),
    )
    entries.delete('.barbacane/options.json')
    change(entries)
    return { readGitTree: async () => entries }
  }

  it('says how many inputs are those of the commit', async () => {
    const { verified, chain } = await report(tree())
    assert.ok(verified)
    const link = chain.find(({ name }) => name === 'git')
    assert.equal(
      link?.outcome,
      '3 of 3 inputs are byte-identical to aaaaaaa; the options leaf is no file and stands in the statement',
    )
  })

  it('refuses inputs that are others, missing, links or of another object format', async () => {
    const changes: ((entries: Map<string, GitTreeEntry>) => void)[] = [
      (entries) => entries.set('barbacane.yaml', { mode: '100644', id: '0'.repeat(40) }),
      (entries) => entries.set('barbacane.yaml', { mode: '120000', id: '0'.repeat(40) }),
      (entries) => entries.set('barbacane.yaml', { mode: '100644', id: '0'.repeat(64) }),
      (entries) => entries.delete('barbacane.yaml'),
    ]
    for (const change of changes) {
      const { problem } = await report(tree(change))
      assert.equal(problem?.code, 'BCN_VERIFY_GIT_DIFFERS')
      assert.match(problem.message, /^1 of 3 inputs are not those of aaaaaaa: barbacane\.yaml /)
    }
  })

  it('is not verified without the commit, and not without a repository where the policy wants one', async () => {
    const absent = await report({ readGitTree: async () => undefined })
    assert.equal(absent.problem?.code, 'BCN_VERIFY_GIT_COMMIT')
    assert.equal((await report({}, true)).problem?.code, 'BCN_VERIFY_GIT_COMMIT')
  })

  it('never hands to git what is no commit id', async () => {
    for (const commit of [null, '', 'HEAD', '--upload-pack=x', 'A'.repeat(40), 'a'.repeat(41)]) {
      const provenance = { commit, source: null, dirty: false }
      expectProblem('BCN_VERIFY_GIT_COMMIT', () => requireCommit({ ...sample.artifact.manifest, provenance }))
    }
  })

  it('compares a rebuild byte by byte, by the same compiler only', async () => {
    const compiler = { name: 'barbacane', version: '0.1.0' }
    const rebuilt = (compile: () => Promise<Uint8Array>, by = compiler) =>
      report({ rebuild: { compiler: by, compile } })
    const same = await rebuilt(async () => sample.bytes)
    assert.ok(same.verified)
    assert.match(same.chain.at(-1)?.outcome ?? '', /^aaaaaaa compiles to the same/)
    const other = await rebuilt(async () => sample.bytes.subarray(1))
    assert.equal(other.problem?.code, 'BCN_VERIFY_REBUILD_DIFFERS')
    const newer = await rebuilt(async () => sample.bytes, { ...compiler, version: '9.0.0' })
    assert.equal(newer.problem?.code, 'BCN_VERIFY_REBUILD_COMPILER')
    assert.equal(newer.problem.exit, 6)
  })

  it('passes errors on that are no verdict', async () => {
    await assert.rejects(
      report({ readGitTree: () => Promise.reject(new Error('git is not here')) }),
      /git is not here/,
    )
  })
})

describe('repositoryUrl', () => {
  it('gives every address of a repository the same form', () => {
    for (const address of [
      'https://github.com/acme/gw',
      'https://github.com/acme/gw.git',
      'https://github.com/acme/gw/',
      'https://user:secret@GitHub.com/acme/gw.git',
      'git@github.com:acme/gw.git',
      'ssh://git@github.com:22/acme/gw.git',
      'git://github.com/acme/gw',
    ]) {
      assert.equal(repositoryUrl(address), 'https://github.com/acme/gw', address)
    }
    assert.equal(repositoryUrl('https://git.example:8443/a'), 'https://git.example:8443/a')
    assert.equal(repositoryUrl('/srv/git/gw'), '/srv/git/gw')
    assert.equal(repositoryUrl('file:///srv/gw'), 'file:///srv/gw')
  })
})
