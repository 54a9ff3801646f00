import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { decodeArtifact } from '../../../../src/artifact/index.ts'
import { canonicalJson, digestOf, type JsonValue } from '../../../../src/domain/index.ts'
import { applyLayout, planImage, readLayout, resolveBase } from '../../../../src/oci/index.ts'
import { parseLayoutReference } from '../../../../src/oci/layout/layout-reference.ts'
import { expectRejection } from '../../../support/expect-problem.ts'
import { registryHost } from '../../../support/registry/index.ts'
import { sampleArtifact } from '../../../support/sample-artifact.ts'
import { sampleBundle, sampleSbom } from '../../../support/sample-attachments.ts'

const artifact = sampleArtifact()
const { digest } = decodeArtifact(artifact)
const linux = { os: 'linux', architecture: 'amd64' }
const plan = planImage('image', artifact, {
  tags: ['1.0', 'stable'],
  bundles: [sampleBundle(digest)],
  sbom: sampleSbom(digest),
})

describe('layouts', () => {
  let folder: string
  const at = (name: string) => join(folder, name)
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'oci-'))
  })
  after(() => rm(folder, { recursive: true }))

  /** A copy of a layout whose index a test may change. */
  async function bentIndex(
    name: string,
    bend: (manifests: Record<string, unknown>[]) => void,
  ): Promise<string> {
    await applyLayout(plan, at(name))
    const index = JSON.parse(await readFile(join(at(name), 'index.json'), 'utf8'))
    bend(index.manifests)
    await writeFile(join(at(name), 'index.json'), canonicalJson(index as JsonValue))
    return at(name)
  }

  it('are read back with all that is attached, from a folder and from a tar', async () => {
    for (const name of ['plain', 'plain.tar']) {
      await applyLayout(plan, at(name))
      const image = await readLayout({ path: at(name) })
      assert.equal(image.image.descriptor.digest, plan.image.descriptor.digest)
      assert.deepEqual(image.tags, ['1.0', 'stable'])
      assert.ok(image.bytes.equals(artifact))
      assert.deepEqual(image.bundles, [sampleBundle(digest).bytes])
      assert.deepEqual(image.sboms, [sampleSbom(digest).bytes])
      assert.equal(image.referrers.length, 2)
    }
    assert.equal((await readLayout({ path: at('plain'), tag: 'stable' })).shape, 'image')
    assert.equal(
      (await readLayout({ path: at('plain'), digest: plan.image.descriptor.digest })).shape,
      'image',
    )
  })

  it('replace another layout and nothing else, and leave nothing behind', async () => {
    await applyLayout(plan, at('again'))
    await writeFile(join(at('again'), 'stale'), '')
    await applyLayout(plan, at('again'))
    assert.deepEqual((await readdir(at('again'))).toSorted(), ['blobs', 'index.json', 'oci-layout'])
    await mkdir(at('other'))
    await writeFile(at('file'), '')
    await mkdir(at('folder.tar'))
    for (const name of ['other', 'file', 'folder.tar']) {
      await expectRejection('BCN_OCI_TARGET', () => applyLayout(plan, at(name)))
    }
    await expectRejection('BCN_OCI_NOT_WRITTEN', () => applyLayout(plan, at('missing/image')))
    await assert.rejects(applyLayout(plan, at('stopped'), AbortSignal.abort()), { name: 'AbortError' })
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.includes('tmp')),
      [],
    )
  })

  it('that are not there or not layouts say so', async () => {
    await mkdir(at('empty'))
    await writeFile(at('text'), 'text')
    await expectRejection('BCN_OCI_LAYOUT_UNREADABLE', () => readLayout({ path: at('absent') }))
    await expectRejection('BCN_OCI_LAYOUT_UNREADABLE', () => readLayout({ path: at('empty') }))
    await expectRejection('BCN_OCI_LAYOUT_MALFORMED', () => readLayout({ path: at('text') }))
  })

  it('that are damaged are refused, whichever file it is', async () => {
    await applyLayout(plan, at('damaged'))
    const files = (await readdir(at('damaged'), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
    for (const path of files) {
      const bytes = await readFile(path)
      for (const at of [0, Math.floor(bytes.byteLength / 2), bytes.byteLength - 1]) {
        const changed = Buffer.from(bytes)
        changed[at] = (changed[at] as number) ^ 0x02
        await writeFile(path, changed)
        if (!path.endsWith('index.json'))
          await assert.rejects(readLayout({ path: join(folder, 'damaged') }), /BCN_OCI_/)
      }
      await rm(path)
      await assert.rejects(
        readLayout({ path: join(folder, 'damaged') }),
        /BCN_OCI_(LAYOUT_UNREADABLE|BLOB_MISSING)/,
      )
      await writeFile(path, bytes)
    }
    assert.equal((await readLayout({ path: at('damaged') })).shape, 'image')
    await writeFile(join(at('damaged'), 'oci-layout'), '{"imageLayoutVersion":"2.0.0"}')
    await expectRejection('BCN_OCI_LAYOUT_MALFORMED', () => readLayout({ path: at('damaged') }))
  })

  it('whose index is damaged give what was packaged or nothing', async () => {
    const path = join(at('plain'), 'index.json')
    const bytes = await readFile(path)
    let refused = 0
    for (let position = 0; position < bytes.byteLength; position += 13) {
      const changed = Buffer.from(bytes)
      changed[position] = (changed[position] as number) ^ 0x02
      await writeFile(path, changed)
      try {
        const image = await readLayout({ path: at('plain') })
        assert.equal(image.image.descriptor.digest, plan.image.descriptor.digest)
        assert.deepEqual([image.bundles.length, image.sboms.length], [1, 1])
      } catch (error) {
        assert.match(String(error), /BCN_OCI_/)
        refused += 1
      }
    }
    assert.ok(refused > bytes.byteLength / 13 / 2)
    await writeFile(path, bytes)
  })

  it('whose index says otherwise than the manifest are refused', async () => {
    const size = await bentIndex('size', ([first]) => Object.assign(first as object, { size: 1 }))
    await expectRejection('BCN_OCI_SIZE_MISMATCH', () => readLayout({ path: size }))
    const type = await bentIndex('type', ([first]) => Object.assign(first as object, { artifactType: 'a/b' }))
    await expectRejection('BCN_OCI_MANIFEST_MALFORMED', () => readLayout({ path: type }))
    const label = await bentIndex('label', ([first]) =>
      Object.assign(first?.['annotations'] as object, { a: 'b' }),
    )
    await expectRejection('BCN_OCI_LABELS_MISMATCH', () => readLayout({ path: label }))
    const swapped = await bentIndex('swapped', (all) =>
      Object.assign(all[0] as object, { digest: all[3]?.['digest'] }),
    )
    await assert.rejects(readLayout({ path: swapped }), /BCN_OCI_/)
  })

  it('with several images need a name', async () => {
    const other = planImage('artifact', artifact, { tags: ['other'] })
    await applyLayout(other, at('source'))
    const index = JSON.parse(Buffer.from(other.index).toString())
    const path = await bentIndex('several', (manifests) => manifests.push(...index.manifests))
    await cp(join(at('source'), 'blobs'), join(path, 'blobs'), { recursive: true })
    await expectRejection('BCN_OCI_IMAGE_AMBIGUOUS', () => readLayout({ path }))
    assert.equal((await readLayout({ path, tag: 'other' })).shape, 'artifact')
    assert.equal((await readLayout({ path, tag: 'stable' })).referrers.length, 2)
    await expectRejection('BCN_OCI_IMAGE_UNKNOWN', () => readLayout({ path, tag: 'none' }))
    await expectRejection('BCN_OCI_IMAGE_UNKNOWN', () => readLayout({ path, digest: digestOf('none') }))
  })

  it('are bases of runnable images, whose content is verified while it is copied', async () => {
    await applyLayout(plan, at('base'))
    const host = registryHost()
    const base = await resolveBase(`oci:${at('base')}:1.0`, linux, host)
    assert.equal(base.digest, plan.image.descriptor.digest)
    await applyLayout(planImage('runnable', artifact, { base }), at('run'))
    const image = await readLayout({ path: at('run') })
    assert.equal(image.shape, 'runnable')
    assert.equal(image.manifest.layers.length, 2)
    const layer = (base.layers[0] as (typeof base.layers)[0]).descriptor.digest.slice(7)
    const path = join(at('base'), 'blobs/sha256', layer)
    const bytes = await readFile(path)
    await writeFile(path, Buffer.from(bytes).fill(0x31, 700, 701))
    await expectRejection('BCN_OCI_DIGEST_MISMATCH', () =>
      applyLayout(planImage('runnable', artifact, { base, version: '2' }), at('run2')),
    )
    await expectRejection('BCN_OCI_REFERENCE_UNPINNED', () =>
      resolveBase('registry.example/base:1', linux, host),
    )
  })

  it('are named by paths, with tag or digest after oci:', () => {
    assert.deepEqual(parseLayoutReference('a:b'), { path: 'a:b' })
    assert.deepEqual(parseLayoutReference('oci:a'), { path: 'a' })
    assert.deepEqual(parseLayoutReference('oci:a/b:1.0'), { path: 'a/b', tag: '1.0' })
    assert.deepEqual(parseLayoutReference('oci:C:/a'), { path: 'C:/a' })
    const pinned = digestOf('x')
    assert.deepEqual(parseLayoutReference(`oci-archive:a.tar@${pinned}`), { path: 'a.tar', digest: pinned })
  })
})
