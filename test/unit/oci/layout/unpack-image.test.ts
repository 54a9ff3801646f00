import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'

import { canonicalJson, digestOf, isProblemError, type ProblemCode } from '../../../../src/domain/index.ts'
import { describeBytes, type Descriptor } from '../../../../src/oci/content/descriptor.ts'
import { planImage, type ImagePlan } from '../../../../src/oci/index.ts'
import { readReferrer } from '../../../../src/oci/layout/read-referrer.ts'
import { tarArchive } from '../../../../src/oci/layout/tar-entry.ts'
import { unpackImage } from '../../../../src/oci/layout/unpack-image.ts'
import { expectRejection } from '../../../support/expect-problem.ts'
import { contentOf, memorySource } from '../../../support/memory-source.ts'
import { sampleArtifact } from '../../../support/sample-artifact.ts'
import { sampleBundle } from '../../../support/sample-attachments.ts'

const artifact = sampleArtifact()
const MTIME = Date.parse('2026-01-02T03:04:05Z') / 1000

// oxlint-disable-next-line typescript/no-explicit-any -- a test bends documents of any form
type Json = any

interface Bend {
  readonly manifest?: (manifest: Json) => void
  readonly config?: (config: Json) => void
  readonly layer?: Buffer
  /** Replaces the uncompressed archive, and the diff_id with it. */
  readonly tar?: Buffer
}

/** Changes an image and makes every digest above the change right again, as an attacker would. */
async function bent(plan: ImagePlan, { manifest: bendManifest, config: bendConfig, layer, tar }: Bend) {
  const content = await contentOf(plan)
  const manifest: Json = JSON.parse(String(content.get(plan.image.descriptor.digest)))
  const put = (descriptor: Json, bytes: Buffer): void => {
    content.set(digestOf(bytes), bytes)
    Object.assign(descriptor, { digest: digestOf(bytes), size: bytes.byteLength })
  }
  const packed = tar === undefined ? layer : gzipSync(tar)
  if (packed !== undefined) put(manifest.layers[0], packed)
  if (bendConfig !== undefined || tar !== undefined) {
    const config: Json = JSON.parse(String(content.get(manifest.config.digest)))
    if (tar !== undefined) config.rootfs.diff_ids = [digestOf(tar)]
    bendConfig?.(config)
    put(manifest.config, Buffer.from(canonicalJson(config)))
  }
  bendManifest?.(manifest)
  const bytes = Buffer.from(canonicalJson(manifest))
  const root: Descriptor = describeBytes(plan.image.descriptor.mediaType, bytes)
  content.set(root.digest, bytes)
  return { source: memorySource(content), root }
}

async function refusesBent(plan: ImagePlan, code: ProblemCode, bend: Bend): Promise<void> {
  const { source, root } = await bent(plan, bend)
  await expectRejection(code, () => unpackImage(source, root))
}

describe('unpackImage', () => {
  const image = planImage('image', artifact)
  const bare = planImage('artifact', artifact)

  it('gives back the artifact of every shape, also where another tool compressed the layer', async () => {
    for (const plan of [image, bare]) {
      const unpacked = await unpackImage(memorySource(await contentOf(plan)), plan.image.descriptor)
      assert.equal(unpacked.shape, plan.shape)
      assert.ok(unpacked.bytes.equals(artifact))
    }
    const tar = tarArchive(
      [
        { path: 'config/', mode: 0o755 },
        { path: 'config/api.bca', mode: 0o444, bytes: artifact },
      ],
      MTIME,
    )
    const { source, root } = await bent(image, { tar })
    assert.ok((await unpackImage(source, root)).bytes.equals(artifact))
  })

  it('catches every changed byte of manifest, configuration and layer', async () => {
    for (const plan of [image, bare]) {
      const content = await contentOf(plan)
      for (const [digest, bytes] of content) {
        const stride = Math.ceil(bytes.byteLength / 300)
        for (let at = 0; at < bytes.byteLength; at += stride) {
          const changed = Buffer.from(bytes)
          changed[at] = (changed[at] as number) ^ 0x01
          const source = memorySource(new Map(content).set(digest, changed))
          await expectRejection('BCN_OCI_DIGEST_MISMATCH', () => unpackImage(source, plan.image.descriptor))
        }
        for (const other of [bytes.subarray(1), Buffer.concat([bytes, Buffer.alloc(1)])]) {
          const source = memorySource(new Map(content).set(digest, other))
          await expectRejection('BCN_OCI_SIZE_MISMATCH', () => unpackImage(source, plan.image.descriptor))
        }
        const without = new Map(content)
        without.delete(digest)
        await expectRejection('BCN_OCI_BLOB_MISSING', () =>
          unpackImage(memorySource(without), plan.image.descriptor),
        )
      }
    }
  })

  it('catches changed manifests whose digests are right', async () => {
    const changes: [ProblemCode, (manifest: Json) => void][] = [
      ['BCN_OCI_MANIFEST_MALFORMED', (manifest) => (manifest.schemaVersion = 1)],
      ['BCN_OCI_MANIFEST_MALFORMED', (manifest) => (manifest.mediaType = 'application/json')],
      ['BCN_OCI_MANIFEST_MALFORMED', (manifest) => delete manifest.layers],
      ['BCN_OCI_MANIFEST_MALFORMED', (manifest) => delete manifest.config],
      ['BCN_OCI_MANIFEST_MALFORMED', (manifest) => (manifest.artifactType = 1)],
      ['BCN_OCI_MANIFEST_MALFORMED', (manifest) => (manifest.layers[0].digest = 'sha512:00')],
      ['BCN_OCI_MANIFEST_MALFORMED', (manifest) => (manifest.layers[0].size = -1)],
      ['BCN_OCI_MANIFEST_MALFORMED', (manifest) => (manifest.layers[0].mediaType = '')],
      ['BCN_OCI_MANIFEST_MALFORMED', (manifest) => (manifest.annotations = { a: 1 })],
      ['BCN_OCI_CONFIG_MALFORMED', (manifest) => (manifest.layers = [])],
      ['BCN_OCI_CONFIG_MALFORMED', (manifest) => manifest.layers.push(manifest.layers[0])],
      ['BCN_OCI_NO_ARTIFACT', (manifest) => (manifest.config.mediaType = 'application/x')],
      ['BCN_OCI_LAYER_MALFORMED', (manifest) => (manifest.layers[0].mediaType = 'application/x')],
      ['BCN_OCI_TOO_LARGE', (manifest) => (manifest.layers[0].size = 2 ** 40)],
      ['BCN_OCI_TOO_LARGE', (manifest) => (manifest.config.size = 2 ** 30)],
      ['BCN_OCI_LABELS_MISMATCH', (manifest) => delete manifest.annotations],
      ['BCN_OCI_LABELS_MISMATCH', (manifest) => (manifest.annotations['dev.barbacane.extra'] = 'x')],
    ]
    for (const key of Object.keys(JSON.parse(String(image.image.bytes)).annotations)) {
      // The version is the publisher's own word.
      if (key === 'org.opencontainers.image.version') continue
      changes.push(['BCN_OCI_LABELS_MISMATCH', (manifest) => (manifest.annotations[key] += 'x')])
    }
    for (const [code, manifest] of changes) await refusesBent(image, code, { manifest })
    await refusesBent(bare, 'BCN_OCI_NO_ARTIFACT', {
      manifest: (manifest) => (manifest.layers[0].mediaType = 'x/y'),
    })
    await refusesBent(bare, 'BCN_OCI_NO_ARTIFACT', {
      manifest: (manifest) => (manifest.artifactType = 'x/y'),
    })
    const type = 'application/vnd.oci.image.config.v1+json'
    await refusesBent(bare, 'BCN_OCI_MANIFEST_MALFORMED', {
      manifest: (manifest) => (manifest.config.mediaType = type),
    })
    await refusesBent(bare, 'BCN_OCI_LABELS_MISMATCH', {
      manifest: (manifest) => delete manifest.annotations,
    })
  })

  it('catches changed configurations whose digests are right', async () => {
    const changes: [ProblemCode, (config: Json) => void][] = [
      ['BCN_OCI_CONFIG_MALFORMED', (config) => delete config.os],
      ['BCN_OCI_CONFIG_MALFORMED', (config) => delete config.architecture],
      ['BCN_OCI_CONFIG_MALFORMED', (config) => (config.variant = 8)],
      ['BCN_OCI_CONFIG_MALFORMED', (config) => delete config.rootfs],
      ['BCN_OCI_CONFIG_MALFORMED', (config) => (config.rootfs.diff_ids = ['x'])],
      ['BCN_OCI_CONFIG_MALFORMED', (config) => (config.config.Labels.a = 1)],
      ['BCN_OCI_CONFIG_MALFORMED', (config) => config.rootfs.diff_ids.push(digestOf('another'))],
      ['BCN_OCI_LAYER_MALFORMED', (config) => (config.rootfs.diff_ids = [digestOf('another')])],
      ['BCN_OCI_LABELS_MISMATCH', (config) => (config.created = '2026-01-02T03:04:06Z')],
      ['BCN_OCI_LABELS_MISMATCH', (config) => delete config.created],
      [
        'BCN_OCI_LABELS_MISMATCH',
        (config) => (config.config.Labels['dev.barbacane.commit'] = 'b'.repeat(40)),
      ],
      ['BCN_OCI_LABELS_MISMATCH', (config) => delete config.config.Labels['dev.barbacane.artifact_hash']],
      [
        'BCN_OCI_LABELS_MISMATCH',
        (config) => (config.config.Labels['dev.barbacane.source'] = 'https://evil.example'),
      ],
      ['BCN_OCI_NO_ARTIFACT', (config) => delete config.config],
    ]
    for (const [code, config] of changes) await refusesBent(image, code, { config })
  })

  it('catches changed layers whose digests are right', async () => {
    const folder = { path: 'config/', mode: 0o755 }
    const file = { path: 'config/api.bca', mode: 0o444, bytes: artifact }
    const good = tarArchive([folder, file], MTIME)
    const changes: [ProblemCode, Buffer][] = [
      ['BCN_OCI_LAYER_MALFORMED', tarArchive([folder, { ...file, mode: 0o4755 }], MTIME)],
      ['BCN_OCI_LAYER_MALFORMED', tarArchive([file], MTIME)],
      ['BCN_OCI_LAYER_MALFORMED', tarArchive([folder, file], MTIME + 1)],
      ['BCN_OCI_LAYER_MALFORMED', tarArchive([folder, file, { path: 'bin/sh', mode: 0o755 }], MTIME)],
      ['BCN_OCI_LAYER_MALFORMED', Buffer.concat([good, Buffer.from('more')])],
      ['BCN_OCI_LAYER_MALFORMED', good.subarray(0, 1500)],
      ['BCN_OCI_NO_ARTIFACT', tarArchive([folder], MTIME)],
      [
        'BCN_ARTIFACT_CHECKSUM',
        tarArchive([folder, { ...file, bytes: Buffer.from(artifact).fill(0x31, 600, 601) }], MTIME),
      ],
    ]
    for (const [code, tar] of changes) await refusesBent(image, code, { tar })
    await refusesBent(image, 'BCN_OCI_LAYER_MALFORMED', { layer: Buffer.from('no gzip') })
    const other = sampleArtifact({
      manifest: { provenance: { commit: 'b'.repeat(40), source: null, dirty: false } },
    })
    const tar = tarArchive([folder, { ...file, bytes: other }], MTIME)
    await refusesBent(image, 'BCN_OCI_LABELS_MISMATCH', { tar })
  })

  it('survives documents of any bytes', async () => {
    for (const text of ['', 'null', '[]', '"x"', '{', '{"schemaVersion":2}', '\u00ff']) {
      const bytes = Buffer.from(text, 'latin1')
      const root = describeBytes(image.image.descriptor.mediaType, bytes)
      const source = memorySource(new Map([[root.digest, bytes]]))
      await assert.rejects(unpackImage(source, root), (error) => isProblemError(error))
    }
  })
})

describe('readReferrer', () => {
  const plan = planImage('image', artifact, {
    bundles: [sampleBundle(planImage('image', artifact).image.descriptor.digest)],
  })
  const referrer = plan.referrers[0] as (typeof plan.referrers)[0]

  it('believes the manifest, not the listing', async () => {
    const source = memorySource(await contentOf(plan))
    const listed = { ...referrer.descriptor, artifactType: 'application/wrong', annotations: {} }
    const read = await readReferrer(source, listed, plan.image.descriptor)
    assert.equal(read.artifactType, 'application/vnd.dev.sigstore.bundle.v0.3+json')
    assert.deepEqual(read.content, sampleBundle(plan.image.descriptor.digest).bytes)
  })

  it('refuses one of another subject, of several layers, or with changed bytes', async () => {
    const content = await contentOf(plan)
    const bend = (change: (manifest: Json) => void) => {
      const manifest: Json = JSON.parse(String(referrer.bytes))
      change(manifest)
      const bytes = Buffer.from(canonicalJson(manifest))
      const descriptor = describeBytes(referrer.descriptor.mediaType, bytes)
      return { descriptor, source: memorySource(new Map(content).set(descriptor.digest, bytes)) }
    }
    for (const change of [
      (manifest: Json) => (manifest.subject.digest = digestOf('other')),
      (manifest: Json) => (manifest.subject.size = 1),
      (manifest: Json) => delete manifest.subject,
      (manifest: Json) => (manifest.layers = []),
      (manifest: Json) => manifest.layers.push(manifest.layers[0]),
    ]) {
      const { descriptor, source } = bend(change)
      await expectRejection('BCN_OCI_REFERRER_MALFORMED', () =>
        readReferrer(source, descriptor, plan.image.descriptor),
      )
    }
    const layer = JSON.parse(String(referrer.bytes)).layers[0].digest as string
    const changed = Buffer.from(content.get(layer) as Buffer).fill(0x20, 3, 4)
    const source = memorySource(new Map(content).set(layer, changed))
    await expectRejection('BCN_OCI_DIGEST_MISMATCH', () =>
      readReferrer(source, referrer.descriptor, plan.image.descriptor),
    )
  })

  it('reads only the manifest of what it does not know', async () => {
    const manifest: Json = JSON.parse(String(referrer.bytes))
    manifest.artifactType = 'application/vnd.cncf.notary.signature'
    const bytes = Buffer.from(canonicalJson(manifest))
    const descriptor = describeBytes(referrer.descriptor.mediaType, bytes)
    const read = await readReferrer(
      memorySource(new Map([[descriptor.digest, bytes]])),
      descriptor,
      plan.image.descriptor,
    )
    assert.equal(read.content, undefined)
  })
})
