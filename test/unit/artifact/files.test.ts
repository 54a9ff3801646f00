import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { defaultLimits, readArtifact, writeFileAtomic } from '../../../src/artifact/index.ts'
import { expectRejection } from '../../support/expect-problem.ts'
import { sampleArtifact } from '../../support/sample-artifact.ts'

describe('artifact files', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bca-'))
  })
  after(() => rm(folder, { recursive: true }))

  it('are written whole and read back verified', async () => {
    const path = join(folder, 'api.bca')
    await writeFileAtomic(path, Buffer.from('old'))
    await writeFileAtomic(path, sampleArtifact())
    assert.equal((await readArtifact(path)).manifest.routes_count, 0)
    assert.deepEqual(await readdir(folder), ['api.bca'])
  })

  it('are not there, not files or too large: each says so', async () => {
    await expectRejection('BCN_ARTIFACT_UNREADABLE', () => readArtifact(join(folder, 'absent.bca')))
    await expectRejection('BCN_ARTIFACT_UNREADABLE', () => readArtifact(folder))
    const sparse = join(folder, 'sparse.bca')
    await writeFile(sparse, '')
    await truncate(sparse, defaultLimits.maxSizeBytes + 1)
    await expectRejection('BCN_ARTIFACT_TOO_LARGE', () => readArtifact(sparse))
    await rm(sparse)
  })

  it('leave nothing behind when the folder is missing or a folder stands in the way', async () => {
    await expectRejection('BCN_ARTIFACT_NOT_WRITTEN', () =>
      writeFileAtomic(join(folder, 'no/x'), Buffer.alloc(1)),
    )
    await mkdir(join(folder, 'taken'))
    await expectRejection('BCN_ARTIFACT_NOT_WRITTEN', () =>
      writeFileAtomic(join(folder, 'taken'), Buffer.alloc(1)),
    )
    assert.deepEqual((await readdir(folder)).toSorted(), ['api.bca', 'taken'])
  })

  it('keep their old content when the work is interrupted before the rename', async () => {
    const path = join(folder, 'kept.bca')
    await writeFile(path, 'old')
    const interrupted = AbortSignal.abort(new Error('interrupted'))
    await assert.rejects(writeFileAtomic(path, Buffer.from('new'), interrupted), /interrupted/)
    assert.equal(await readFile(path, 'utf8'), 'old')
    assert.equal((await readdir(folder)).filter((name) => name.includes('.tmp-')).length, 0)
  })
})
