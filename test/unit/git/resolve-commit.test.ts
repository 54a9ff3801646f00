import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { describe, it } from 'node:test'

import { resolveCommit, withWorktree } from '../../../src/git/index.ts'
import { isolatedEnv } from '../../support/binary.ts'
import { expectRejection } from '../../support/expect-problem.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

async function repository() {
  const folder = await temporaryFolder({ 'a/x.yaml': 'x\n', 'b/y.yaml': 'y\n', '*/z.yaml': 'z\n' })
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder.path, env: isolatedEnv(folder.path), encoding: 'utf8' }).trim()
  git('init', '-q')
  git('add', '.')
  git('commit', '-qm', 'first')
  git('tag', '-a', 'v1', '-m', 'one')
  return { folder, commit: git('rev-parse', 'HEAD') }
}

describe('resolveCommit', () => {
  it('gives the commit that a name stands for, and nothing for other names', async () => {
    const { folder, commit } = await repository()
    await using _ = folder
    for (const ref of ['HEAD', 'v1', commit, commit.slice(0, 10)])
      assert.equal(await resolveCommit(folder.path, ref), commit)
    for (const ref of ['nothing', 'HEAD~9', 'HEAD:a', '--all', '', 'HEAD HEAD'])
      assert.equal(await resolveCommit(folder.path, ref), undefined, ref)
  })

  it('says what git says where there is no repository', async () => {
    await using outside = await temporaryFolder()
    await expectRejection('BCN_GIT_FAILED', () => resolveCommit(outside.path, 'HEAD'))
  })
})

describe('withWorktree of one path', () => {
  it('checks out that path only, which is no pattern', async () => {
    const { folder, commit } = await repository()
    await using _ = folder
    const list = async (tree: string) => (await readdir(tree)).filter((name) => name !== '.git')
    assert.deepEqual(await withWorktree(folder.path, commit, list, 'a'), ['a'])
    assert.deepEqual(await withWorktree(folder.path, commit, list, '*'), ['*'])
    assert.deepEqual((await withWorktree(folder.path, commit, list, '.')).toSorted(), ['*', 'a', 'b'])
  })
})
