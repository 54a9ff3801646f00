import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'

import { digestOf } from '../../../../src/domain/index.ts'
import { createDiskDigest } from '../../../../src/runtime/admin/disk-digest.ts'

const folder = mkdtempSync(join(tmpdir(), 'disk-digest-'))
after(() => rmSync(folder, { recursive: true }))

/** A clock that jumps far at every look, so that no reading waits for another and every file is old. */
function leapingClock() {
  let monotonicMs = 0
  return { nowMs: () => Date.now() + 3_600_000, monotonicMs: () => (monotonicMs += 5000) }
}

/** A clock on which no time passes. */
const standing = { nowMs: () => Date.now() + 3_600_000, monotonicMs: () => 0 }

describe('the digest of the file on disk', () => {
  it('follows the file, also where its size and its modification time stay', async () => {
    const path = join(folder, 'changing')
    const time = new Date(1e12)
    const diskDigest = createDiskDigest(leapingClock())
    for (const text of ['one', 'two', 'six']) {
      writeFileSync(path, text)
      utimesSync(path, time, time)
      assert.equal(await diskDigest(path), digestOf(text))
    }
  })

  it('is null for what is gone, no file, a pipe, or larger than an artifact can be', async () => {
    const [pipe, huge] = [join(folder, 'pipe'), join(folder, 'huge')]
    execFileSync('mkfifo', [pipe])
    writeFileSync(huge, '')
    truncateSync(huge, 2 ** 40)
    const diskDigest = createDiskDigest(leapingClock())
    for (const path of [join(folder, 'gone'), folder, pipe, huge, join(huge, 'below')]) {
      assert.equal(await diskDigest(path), null, path)
    }
  })

  it('is read once for many callers, and not again while the file stays as it is', async () => {
    const path = join(folder, 'asked')
    writeFileSync(path, 'content')
    let looks = 0
    const diskDigest = createDiskDigest({ ...standing, nowMs: () => ((looks += 1), standing.nowMs()) })
    const digests = await Promise.all(Array.from({ length: 50 }, () => diskDigest(path)))
    assert.deepEqual(new Set(digests), new Set([digestOf('content')]))
    await diskDigest(path)
    // The clock is looked at once in a reading.
    assert.equal(looks, 1)
  })

  it('is not kept where the file is so young that a change could not be told from its times', async () => {
    const path = join(folder, 'young')
    writeFileSync(path, 'content')
    let looks = 0
    const nowMs = () => ((looks += 1), Date.now())
    const diskDigest = createDiskDigest({ ...leapingClock(), nowMs })
    await diskDigest(path)
    await diskDigest(path)
    assert.equal(looks, 2)
  })

  it('is of the file as it is now, for a caller who comes while an older one is being read', async () => {
    const path = join(folder, 'replaced')
    const diskDigest = createDiskDigest(leapingClock())
    writeFileSync(path, 'x'.repeat(4_000_000))
    const first = diskDigest(path)
    writeFileSync(path, 'new')
    assert.equal(await diskDigest(path), digestOf('new'))
    await first
  })
})
