import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import {
  commitFile,
  countCommits,
  mergeBase,
  pushBranch,
  readBranch,
  readChanges,
  readCommitter,
} from '../../../src/git/index.ts'
import { expectRejection } from '../../support/expect-problem.ts'
import { gitRepository, type GitRepository } from '../../support/git-repository.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** The tests run in a process that knows nobody who commits. */
function introduce({ git }: GitRepository): void {
  git('config', 'user.name', 'B. Committer')
  git('config', 'user.email', 'b@example.com')
}

describe('commitFile', () => {
  it('commits one file and leaves what else is staged', async () => {
    await using repository = await gitRepository({ a: 'a', 'deploy/b': 'b' })
    introduce(repository)
    await repository.write({ a: 'other', 'deploy/new': 'new' })
    repository.git('add', 'a')
    const folder = join(repository.path, 'deploy')
    const commit = await commitFile(folder, { path: 'new', message: 'One file\n\nWhy: because' })
    assert.equal(commit, repository.git('rev-parse', 'HEAD'))
    assert.equal(
      repository.git('show', '--format=%an %s', '--name-only'),
      'B. Committer One file\n\ndeploy/new',
    )
    assert.equal(repository.git('status', '--porcelain'), 'M  a')
  })

  it('puts the file back where a hook refuses, whether it was there or not', async () => {
    await using repository = await gitRepository({ a: 'a' })
    introduce(repository)
    const hook = join(repository.path, '.git/hooks/pre-commit')
    await writeFile(hook, '#!/bin/sh\necho no release today >&2\nexit 1\n', { mode: 0o755 })
    for (const path of ['a', 'new']) {
      await repository.write({ [path]: 'other' })
      const { message } = await expectRejection('BCN_GIT_NOT_COMMITTED', () =>
        commitFile(repository.path, { path, message: 'x', sign: false }),
      )
      assert.match(message, /no release today/)
      assert.equal(repository.git('status', '--porcelain'), '')
      assert.deepEqual(repository.git('ls-files'), 'a')
    }
  })
})

describe('readCommitter', () => {
  it('is who git would say it was, and nobody is no answer', async () => {
    await using repository = await gitRepository({ a: 'a' })
    introduce(repository)
    assert.equal(await readCommitter(repository.path), 'B. Committer <b@example.com>')
    repository.git('config', 'user.name', '')
    await expectRejection('BCN_GIT_NO_IDENTITY', () => readCommitter(repository.path))
  })
})

describe('readChanges', () => {
  it('lists what is tracked and differs anywhere, and what is not tracked where it matters', async () => {
    await using repository = await gitRepository({
      a: 'a',
      'deploy/b': 'b',
      'deploy/c': 'c',
      '.gitignore': '*.bca',
    })
    const folder = join(repository.path, 'deploy')
    assert.deepEqual(await readChanges(folder, ['x']), [])
    await repository.write({ 'deploy/x/y': 'y', 'deploy/x/z.bca': 'z', 'deploy/elsewhere': 'e' })
    assert.deepEqual(await readChanges(folder, ['x']), ['x/y'])
    await repository.write({ a: 'other', 'deploy/b': 'other' })
    repository.git('rm', '-q', 'deploy/c')
    assert.deepEqual(await readChanges(folder, ['x', 'b']), ['../a', 'b', 'c', 'x/y'])
  })
})

describe('pushBranch', () => {
  it('pushes to what the branch follows, or to its name in origin, and never over others', async () => {
    await using repository = await gitRepository({ a: 'a' })
    await using bare = await temporaryFolder()
    const { git, path } = repository
    await expectRejection('BCN_GIT_NOT_PUSHED', async () => pushBranch(path, await readBranch(path)))
    git('clone', '-q', '--bare', '.', bare.path)
    git('remote', 'add', 'origin', bare.path)
    const commit = await repository.commit({ a: 'b' })
    assert.equal(await pushBranch(path, await readBranch(path)), 'origin/main')
    git('fetch', '-q')
    git('branch', '-q', '--set-upstream-to', 'origin/main')
    assert.equal(git('rev-parse', 'origin/main'), commit)
    git('reset', '-q', '--hard', 'HEAD~1')
    const other = await repository.commit({ a: 'c' })
    const { message } = await expectRejection('BCN_GIT_NOT_PUSHED', async () =>
      pushBranch(path, await readBranch(path)),
    )
    assert.match(message, /main, but origin did not take it/)
    assert.equal(git('rev-parse', 'HEAD'), other)
    assert.equal(await countCommits(path, { from: commit, without: other }), 1)
    assert.equal(await mergeBase(path, commit, other), git('rev-parse', 'HEAD~1'))
    const orphan = git('commit-tree', '-m', 'alone', 'HEAD^{tree}')
    assert.equal(await mergeBase(path, commit, orphan), undefined)
  })
})
