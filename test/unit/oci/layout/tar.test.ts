import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { bufferAccess, readTar, TarError } from '../../../../src/oci/layout/read-tar.ts'
import { tarArchive, tarEnd, tarHeader, tarPadding } from '../../../../src/oci/layout/tar-entry.ts'

const list = (bytes: Buffer, max = 100) => readTar(bufferAccess(bytes), max)

/** An archive of one entry whose header a test may bend; the checksum is made right again. */
function bent(bend: (header: Buffer) => void, content = Buffer.from('x')): Buffer {
  const header = tarHeader({ path: 'file', mode: 0o644, sizeBytes: content.byteLength, mtimeSeconds: 0 })
  bend(header)
  header.write('        ', 148, 'latin1')
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return Buffer.concat([header, content, tarPadding(content.byteLength), tarEnd])
}

async function refused(bytes: Buffer, reason: RegExp, max?: number): Promise<void> {
  await assert.rejects(list(bytes, max), (error) => error instanceof TarError && reason.test(error.message))
}

describe('a tar archive', () => {
  it('holds its files where its listing says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 1500 }), { maxLength: 5 }), async (contents) => {
        const entries = contents.map((bytes, index) => ({ path: `f${index}`, mode: 0o444, bytes }))
        const archive = tarArchive([{ path: 'd/', mode: 0o755 }, ...entries], 1_700_000_000)
        const [folder, ...files] = await list(archive)
        assert.deepEqual(folder, { path: 'd', folder: true, offset: 512, sizeBytes: 0 })
        assert.deepEqual(
          files.map(({ offset, sizeBytes }) => archive.subarray(offset, offset + sizeBytes)),
          contents.map((bytes) => Buffer.from(bytes)),
        )
      }),
    )
  })

  it('writes sizes beyond 8 GiB in base 256 and reads them', async () => {
    const sizeBytes = 9 * 2 ** 30
    const header = tarHeader({ path: 'big', mode: 0o644, sizeBytes, mtimeSeconds: 0 })
    const access = {
      sizeBytes: 2 ** 40,
      read: async (offset: number) => (offset === 0 ? header : Buffer.alloc(512)),
    }
    assert.deepEqual(await readTar(access, 5), [{ path: 'big', folder: false, offset: 512, sizeBytes }])
  })

  it('does not write what does not fit', () => {
    const entry = { path: 'x', mode: 0o644, sizeBytes: 0, mtimeSeconds: 0 }
    for (const change of [
      { path: '' },
      { path: 'y'.repeat(101) },
      { mtimeSeconds: -1 },
      { mtimeSeconds: 8 ** 11 },
    ]) {
      assert.throws(() => tarHeader({ ...entry, ...change }), RangeError)
    }
  })

  it('is refused where it is not plain', async () => {
    const whole = tarArchive([{ path: 'a', mode: 0o644, bytes: Buffer.from('abc') }], 0)
    await refused(whole.subarray(0, 514), /within a/)
    await refused(whole.subarray(0, 1024), /end marker/)
    await refused(
      tarArchive(
        [
          { path: 'a', mode: 0 },
          { path: './a', mode: 0 },
        ],
        0,
      ),
      /twice/,
    )
    await refused(tarArchive([{ path: '../a', mode: 0 }], 0), /leaves/)
    await refused(tarArchive([{ path: '/a', mode: 0 }], 0), /leaves/)
    await refused(
      tarArchive(
        [
          { path: 'a', mode: 0 },
          { path: 'b', mode: 0 },
        ],
        0,
      ),
      /more than 1/,
      1,
    )
    await refused(
      bent((header) => header.write('2', 156)),
      /neither a file nor a folder/,
    )
    await refused(
      bent((header) => header.write('5', 156)),
      /folder file has content/,
    )
    await refused(
      bent((header) => header.write('zz', 124)),
      /no number/,
    )
    await refused(
      bent((header) => header.write('x', 156), Buffer.from('11 path=aa\n')),
      /renames/,
    )
    const damaged = Buffer.from(whole)
    damaged[0] = 0x62
    await refused(damaged, /checksum/)
  })

  it('may carry extended headers that change nothing', async () => {
    const pax = bent((header) => header.write('x', 156), Buffer.from('20 mtime=1700000000\n')).subarray(
      0,
      1024,
    )
    const archive = Buffer.concat([pax, tarArchive([{ path: 'a', mode: 0o644 }], 0)])
    assert.deepEqual(
      (await list(archive)).map(({ path }) => path),
      ['a'],
    )
  })
})
