import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { gitBlobId } from '../../../src/domain/index.ts'
import { readBlobs } from '../../../src/git/index.ts'
import { expectRejection } from '../../support/expect-problem.ts'
import { gitRepository } from '../../support/git-repository.ts'

const blobOf = (text: string) => [gitBlobId(Buffer.from(text)), Buffer.from(text)] as const

describe('readBlobs', () => {
  it('reads each once, whatever is in it', async () => {
    const texts = ['a', '', '\n', 'no line feed at the end', `${'0'.repeat(40)} blob 3\nabc\n`, 'ä\0\r\n']
    await using repository = await gitRepository(
      Object.fromEntries(texts.map((text, index) => [`file-${index}`, text])),
    )
    const blobs = texts.map(blobOf)
    const ids = blobs.map(([id]) => id)
    assert.deepEqual(await readBlobs(repository.path, [...ids, ...ids]), new Map(blobs))
    assert.deepEqual(await readBlobs(repository.path, []), new Map())
  })

  it('fails where there is none, or too large a one', async () => {
    await using repository = await gitRepository({ a: 'a', large: 'x'.repeat(17 * 1024 * 1024) })
    const read = (...ids: readonly string[]) => readBlobs(repository.path, [blobOf('a')[0], ...ids])
    const reason = async (id: string) => (await expectRejection('BCN_GIT_FAILED', () => read(id))).message
    assert.match(await reason('1'.repeat(40)), /there is no file 1{40}/)
    assert.match(await reason(repository.git('rev-parse', 'HEAD^{tree}')), /there is no file/)
    assert.match(await reason(repository.git('rev-parse', 'HEAD:large')), /has 17825792 bytes/)
  })
})
