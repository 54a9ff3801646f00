import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { gitBlobId } from '../../../src/domain/index.ts'
import { readTree, withWorktree } from '../../../src/git/index.ts'
import { isolatedEnv } from '../../support/binary.ts'
import { expectRejection } from '../../support/expect-problem.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

async function repository() {
  const folder = await temporaryFolder({ 'api/ä b.yaml': 'a\n', 'api/sub/c': 'c\n', top: 'top\n' })
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder.path, env: isolatedEnv(folder.path), encoding: 'utf8' }).trim()
  git('init', '-q')
  git('add', '.')
  git('commit', '-qm', 'first')
  const commit = git('rev-parse', 'HEAD')
  await writeFile(join(folder.path, 'top'), 'later\n')
  return { folder, git, commit }
}

describe('readTree', () => {
  it('lists what a commit has below a folder, whatever is there now', async () => {
    const { folder, commit } = await repository()
    await using _ = folder
    const entry = (text: string) => ({ mode: '100644', id: gitBlobId(Buffer.from(text)) })
    assert.deepEqual(Object.fromEntries((await readTree(join(folder.path, 'api'), commit)) ?? []), {
      'ä b.yaml': entry('a\n'),
      'sub/c': entry('c\n'),
    })
    assert.deepEqual((await readTree(folder.path, commit))?.get('top'), entry('top\n'))
  })

  it('knows nothing of a commit that is not there, of trees, and outside of repositories', async () => {
    const { folder, git, commit } = await repository()
    await using _ = folder
    await using outside = await temporaryFolder()
    assert.equal(await readTree(folder.path, '0'.repeat(40)), undefined)
    assert.equal(await readTree(folder.path, git('rev-parse', 'HEAD^{tree}')), undefined)
    assert.equal(await readTree(outside.path, commit), undefined)
    for (const bad of ['HEAD', '--help', '', 'abc'])
      await assert.rejects(readTree(folder.path, bad), TypeError)
  })
})

describe('withWorktree', () => {
  it('hands out the bytes of the commit, and takes them away again', async () => {
    const { folder, git, commit } = await repository()
    await using _ = folder
    git('config', 'core.autocrlf', 'true')
    let seen = ''
    const text = await withWorktree(join(folder.path, 'api'), commit, async (tree) => {
      seen = tree
      return `${await readFile(join(tree, 'sub/c'), 'utf8')}${await readFile(join(tree, '../top'), 'utf8')}`
    })
    assert.equal(text, 'c\ntop\n')
    await assert.rejects(
      withWorktree(folder.path, commit, () => Promise.reject(new Error('mine'))),
      /mine/,
    )
    assert.equal(existsSync(seen), false)
    assert.equal(git('worktree', 'list').split('\n').length, 1)
  })

  it('fails where there is no such commit', async () => {
    const { folder } = await repository()
    await using _ = folder
    const use = () => Promise.resolve(1)
    await expectRejection('BCN_GIT_FAILED', () => withWorktree(folder.path, '0'.repeat(40), use))
    await assert.rejects(withWorktree(folder.path, 'HEAD', use), TypeError)
  })
})
