import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { readBranch } from '../../../src/git/index.ts'
import { expectRejection } from '../../support/expect-problem.ts'
import { gitRepository } from '../../support/git-repository.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

describe('readBranch', () => {
  it('knows the branch and what it follows', async () => {
    await using repository = await gitRepository({ a: 'a' })
    const { git, path } = repository
    assert.deepEqual(await readBranch(path), { name: 'main', upstream: undefined })
    await using bare = await temporaryFolder()
    git('clone', '-q', '--bare', '.', bare.path)
    git('remote', 'add', 'origin', bare.path)
    git('config', 'branch.main.remote', 'origin')
    git('config', 'branch.main.merge', 'refs/heads/main')
    const upstream = { ref: 'origin/main', remote: 'origin', remoteRef: 'refs/heads/main' }
    assert.deepEqual(await readBranch(path), { name: 'main', upstream: { ...upstream, commit: undefined } })
    git('fetch', '-q', 'origin')
    const commit = git('rev-parse', 'HEAD')
    await repository.commit({ a: 'b' })
    assert.deepEqual(await readBranch(path), { name: 'main', upstream: { ...upstream, commit } })
    git('checkout', '-q', '-b', 'feature', '--track', 'main')
    const local = { ref: 'main', remote: '.', remoteRef: 'refs/heads/main', commit: git('rev-parse', 'HEAD') }
    assert.deepEqual(await readBranch(path), { name: 'feature', upstream: local })
    git('checkout', '-q', '--detach')
    assert.deepEqual(await readBranch(path), { name: undefined, upstream: undefined })
  })

  it('fails outside of a repository', async () => {
    await using folder = await temporaryFolder()
    await expectRejection('BCN_GIT_FAILED', () => readBranch(folder.path))
  })
})
