import assert from 'node:assert/strict'
import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { gitBlobId } from '../../../src/domain/index.ts'
import { readFilesAt } from '../../../src/git/index.ts'
import { expectRejection } from '../../support/expect-problem.ts'
import { gitRepository } from '../../support/git-repository.ts'

describe('readFilesAt', () => {
  it('reads the bytes of a commit, whatever is there now', async () => {
    await using repository = await gitRepository({
      'sub/fleet.yaml': 'a\r\n',
      'sub/e/prod/release.yaml': 'r\n',
      'sub/e/notes.md': 'n\n',
      'fleet.yaml': 'other\n',
    })
    const commit = repository.git('rev-parse', 'HEAD')
    await writeFile(join(repository.path, 'sub/fleet.yaml'), 'later')
    repository.git('config', 'core.autocrlf', 'true')
    const accepts = (path: string) => path.endsWith('.yaml')
    const found = await readFilesAt(join(repository.path, 'sub'), commit, ['fleet.yaml', 'e/', 'none'], {
      accepts,
    })
    const file = (path: string, text: string) => {
      const bytes = Buffer.from(text)
      return [path, { path, id: gitBlobId(bytes), bytes }] as const
    }
    assert.deepEqual(found, new Map([file('e/prod/release.yaml', 'r\n'), file('fleet.yaml', 'a\r\n')]))
  })

  it('follows no link and reads no option', async () => {
    await using repository = await gitRepository({ x: 'x' })
    await symlink('/etc/hostname', join(repository.path, 'fleet.yaml'))
    const commit = await repository.commit({ '-r': 'dash' })
    const found = await readFilesAt(repository.path, commit, ['fleet.yaml', '-r', ':(glob)*'])
    assert.deepEqual([...found.keys()], ['-r'])
  })

  it('refuses what is no commit id, and files that are too large', async () => {
    await using repository = await gitRepository({ large: 'x'.repeat(17 * 1024 * 1024) })
    await assert.rejects(readFilesAt(repository.path, 'HEAD', ['x']), TypeError)
    const commit = repository.git('rev-parse', 'HEAD')
    const { message } = await expectRejection('BCN_GIT_FAILED', () =>
      readFilesAt(repository.path, commit, ['large']),
    )
    assert.match(message, /large has 17825792 bytes, more than 16777216/)
    await expectRejection('BCN_GIT_FAILED', () => readFilesAt(repository.path, '0'.repeat(40), ['x']))
  })
})
