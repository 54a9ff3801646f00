import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, it } from 'node:test'

import { gitBlobId } from '../../../src/domain/index.ts'
import { readPathLog } from '../../../src/git/index.ts'
import { isolatedEnv } from '../../support/binary.ts'
import { gitRepository } from '../../support/git-repository.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const path = 'e/pin'

describe('readPathLog', () => {
  it('lists what changed a file, with author, trailers and blob, a merge as one change', async () => {
    await using repository = await gitRepository({ 'sub/e/pin': '1', 'sub/other': 'x' })
    const { git } = repository
    const first = git('rev-parse', 'HEAD')
    await repository.commit({ 'sub/other': 'y' })
    git('checkout', '-q', '-b', 'pull-request')
    await repository.commit({ 'sub/e/pin': '2' }, 'on the branch')
    await repository.commit({ 'sub/e/pin': '3' }, 'on the branch again')
    git('checkout', '-q', 'main')
    git(
      'merge',
      '-q',
      '--no-ff',
      '-m',
      'Merge it\n\nReason: a: b\nReason: again\nSeen-by: x\u001fy',
      'pull-request',
    )
    const merge = git('rev-parse', 'HEAD')
    git('rm', '-q', 'sub/e/pin')
    git('-c', 'user.name=x', 'commit', '-q', '-m', 'gone')
    const gone = git('rev-parse', 'HEAD')
    const log = await readPathLog(join(repository.path, 'sub'), { commit: gone, path, limit: 9 })
    const who = { name: 'A. Author', email: 'author@example.com', atMs: Date.parse('2026-01-02T03:04:05Z') }
    const change = (
      commit: string,
      subject: string,
      text: string | null,
      trailers: [string, string[]][] = [],
    ) => ({
      commit,
      author: who,
      committer: who,
      subject,
      trailers: new Map(trailers),
      blob: text === null ? null : gitBlobId(Buffer.from(text)),
    })
    assert.deepEqual(log, {
      isComplete: true,
      changes: [
        change(gone, 'gone', null),
        change(merge, 'Merge it', '3', [
          ['Reason', ['a: b', 'again']],
          ['Seen-by', ['x\u001fy']],
        ]),
        change(first, 'first', '1'),
      ],
    })
  })

  it('says where older changes may be missing', async () => {
    await using repository = await gitRepository({ 'e/pin': '1' })
    await repository.commit({ 'e/pin': '2' })
    const commit = await repository.commit({ 'e/pin': '3' })
    const { changes, isComplete } = await readPathLog(repository.path, { commit, path, limit: 2 })
    assert.deepEqual([changes.length, isComplete], [2, false])
    assert.equal((await readPathLog(repository.path, { commit, path, limit: 3 })).isComplete, true)
    await using shallow = await temporaryFolder()
    const url = pathToFileURL(repository.path).href
    const env = isolatedEnv(shallow.path)
    execFileSync('git', ['clone', '-q', '--depth=1', url, 'clone'], { cwd: shallow.path, env })
    const cut = await readPathLog(join(shallow.path, 'clone'), { commit, path, limit: 9 })
    assert.deepEqual([cut.changes.length, cut.isComplete], [1, false])
  })

  it('takes paths as they are, and ids only', async () => {
    await using repository = await gitRepository({ 'e/pin': '1', '--all': 'x' })
    const commit = repository.git('rev-parse', 'HEAD')
    const count = async (name: string) =>
      (await readPathLog(repository.path, { commit, path: name, limit: 9 })).changes.length
    assert.deepEqual([await count('e/*'), await count('--all'), await count('nothing')], [0, 1, 0])
    await assert.rejects(readPathLog(repository.path, { commit: '--all', path, limit: 1 }), TypeError)
  })
})
