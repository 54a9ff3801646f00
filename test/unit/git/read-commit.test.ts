import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { readCommit } from '../../../src/git/index.ts'
import { publicSourceUrl } from '../../../src/git/source-url.ts'
import { isolatedEnv } from '../../support/binary.ts'
import { expectRejection } from '../../support/expect-problem.ts'
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.ts'

function git(folder: TemporaryFolder, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: folder.path, env: isolatedEnv(folder.path), encoding: 'utf8' })
}

describe('readCommit', () => {
  it('knows no commit outside of a work tree and before the first one', async () => {
    await using folder = await temporaryFolder()
    assert.equal(await readCommit(folder.path), undefined)
    git(folder, 'init', '-q')
    assert.equal(await readCommit(folder.path), undefined)
  })

  it('reads commit, time, state and source', async () => {
    await using folder = await temporaryFolder({
      'api/a.yaml': 'a\n',
      'other/b': 'b\n',
      '.gitignore': 'out/\n',
    })
    const api = join(folder.path, 'api')
    git(folder, 'init', '-q')
    git(folder, 'add', '.')
    git(folder, 'commit', '-q', '-m', 'first')
    git(folder, 'remote', 'add', 'origin', 'https://me:secret@git.example/team/api.git')
    const clean = {
      commit: git(folder, 'rev-parse', 'HEAD').trim(),
      dirty: false,
      committedAtMs: Date.parse('2026-01-02T03:04:05Z'),
      source: 'https://git.example/team/api.git',
    }
    assert.deepEqual(await readCommit(api), clean)

    await folder.write({ 'other/b': 'changed\n', 'other/new': '', 'api/out/x': '', 'api/api.bca': 'x' })
    assert.deepEqual(await readCommit(api), clean, 'what is elsewhere, ignored or an artifact does not count')
    await folder.write({ 'api/new.yaml': '' })
    assert.equal((await readCommit(api))?.dirty, true, 'an untracked file')
    await rm(join(api, 'new.yaml'))
    await writeFile(join(api, 'a.yaml'), 'b\n')
    assert.equal((await readCommit(api))?.dirty, true, 'a changed file')
  })

  it('reports what git refuses', async () => {
    await using folder = await temporaryFolder({ 'x/.git/HEAD': 'nonsense\n' })
    await mkdir(join(folder.path, 'x/sub'))
    const problem = await expectRejection('BCN_GIT_FAILED', () => readCommit(join(folder.path, 'x/sub')))
    assert.equal(problem.exit, 7)
  })
})

describe('publicSourceUrl', () => {
  it('keeps nothing secret and nothing of this machine', () => {
    const cases: readonly (readonly [string | null, string | null])[] = [
      ['https://user:token@git.example/a/b.git', 'https://git.example/a/b.git'],
      ['https://git.example:8443/a/b?token=1#x', 'https://git.example:8443/a/b'],
      ['ssh://git:pw@git.example:22/a.git', 'ssh://git.example:22/a.git'],
      ['git@git.example:a/b.git\n', 'git@git.example:a/b.git'],
      ['deploy-token@git.example:a/b.git', 'git.example:a/b.git'],
      ['/srv/git/a.git', null],
      ['../a.git', null],
      ['file:///srv/a.git', null],
      ['C:\\work\\a', null],
      ['https://[', null],
      ['', null],
      [null, null],
    ]
    for (const [remote, expected] of cases) assert.equal(publicSourceUrl(remote), expected, String(remote))
  })
})
