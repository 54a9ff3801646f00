import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gunzipSync } from 'node:zlib'

import { decodeArtifact } from '../../../../src/artifact/index.ts'
import { digestOf } from '../../../../src/domain/index.ts'
import { collect } from '../../../../src/oci/content/blob.ts'
import type { BaseImage } from '../../../../src/oci/layout/base-image.ts'
import { bytesBlob } from '../../../../src/oci/content/blob.ts'
import { parseConfig } from '../../../../src/oci/content/image-config.ts'
import { imageShapes, planImage, type ImagePlan } from '../../../../src/oci/index.ts'
import { expectProblem } from '../../../support/expect-problem.ts'
import { sampleArtifact } from '../../../support/sample-artifact.ts'
import { sampleBundle, sampleSbom } from '../../../support/sample-attachments.ts'

const bytes = sampleArtifact()
const { digest, manifest } = decodeArtifact(bytes)
const tag = manifest.artifact_hash.slice(7, 19)

const baseConfig = {
  os: 'linux',
  architecture: 'arm64',
  created: '2020-01-01T00:00:00Z',
  config: {
    Env: ['PATH=/bin'],
    User: '65532',
    Entrypoint: ['/barbacane'],
    Cmd: ['help'],
    Labels: { kept: 'yes' },
  },
  rootfs: { type: 'layers', diff_ids: [digestOf('base layer')] },
  history: [{ created_by: 'somebody' }],
  extra: { kept: true },
}
const base: BaseImage = {
  name: 'registry.example/base:1',
  digest: digestOf('base'),
  config: parseConfig(Buffer.from(JSON.stringify(baseConfig)), digestOf('config')),
  layers: [bytesBlob('application/vnd.oci.image.layer.v1.tar', Buffer.from('base layer'))],
}

const json = (content: Uint8Array) => JSON.parse(Buffer.from(content).toString())
const configOf = async ({ image }: ImagePlan) =>
  json(await collect((image.blobs[0] as (typeof image.blobs)[0]).read()))

describe('planImage', () => {
  it('makes a mountable image of one layer', async () => {
    const plan = planImage('image', bytes)
    const manifestJson = json(plan.image.bytes)
    assert.equal(manifestJson.layers.length, 1)
    assert.equal(manifestJson.layers[0].mediaType, 'application/vnd.oci.image.layer.v1.tar+gzip')
    const config = await configOf(plan)
    assert.deepEqual(manifestJson.annotations, config.config.Labels)
    assert.equal(config.created, manifest.build_timestamp)
    const layer = await collect((plan.image.blobs[1] as (typeof plan.image.blobs)[0]).read())
    assert.equal(digestOf(gunzipSync(layer)), config.rootfs.diff_ids[0])
    assert.deepEqual(
      [config.os, config.architecture, config.config.Entrypoint],
      ['linux', 'amd64', undefined],
    )
    assert.deepEqual(config.config.Labels, {
      'dev.barbacane.artifact_digest': digest,
      'dev.barbacane.artifact_hash': manifest.artifact_hash,
      'dev.barbacane.build_timestamp': '2026-01-02T03:04:05Z',
      'dev.barbacane.commit': 'a'.repeat(40),
      'org.opencontainers.image.created': '2026-01-02T03:04:05Z',
      'org.opencontainers.image.revision': 'a'.repeat(40),
      'org.opencontainers.image.title': 'Pets',
      'org.opencontainers.image.version': tag,
    })
  })

  it('makes a bare artifact', () => {
    const { image } = planImage('artifact', bytes)
    const manifestJson = json(image.bytes)
    assert.equal(manifestJson.artifactType, 'application/vnd.barbacane.bca.v1')
    assert.equal(
      manifestJson.config.digest,
      'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    )
    assert.deepEqual(manifestJson.layers, [
      {
        mediaType: 'application/vnd.barbacane.bca.v1',
        digest,
        size: bytes.byteLength,
        annotations: { 'org.opencontainers.image.title': 'api.bca' },
      },
    ])
  })

  it('extends a base image and keeps what it says', async () => {
    const plan = planImage('runnable', bytes, { base })
    const config = await configOf(plan)
    assert.deepEqual(config.config.Cmd, ['serve', '--artifact', '/config/api.bca'])
    assert.deepEqual(config.config.Entrypoint, ['/barbacane'])
    assert.deepEqual(
      [config.config.User, config.config.Env, config.extra],
      ['65532', ['PATH=/bin'], { kept: true }],
    )
    assert.equal(config.config.Labels.kept, 'yes')
    assert.equal(config.config.Labels['org.opencontainers.image.base.digest'], base.digest)
    assert.equal(config.config.Labels['org.opencontainers.image.base.name'], 'registry.example/base:1')
    assert.deepEqual([config.rootfs.diff_ids.length, config.history.length], [2, 2])
    assert.equal(json(plan.image.bytes).layers[0].digest, digestOf('base layer'))
  })

  it('gives the same bytes every time, and tags are no part of the image', () => {
    for (const shape of imageShapes) {
      const options = shape === 'runnable' ? { base } : {}
      const [a, b] = [
        planImage(shape, bytes, options),
        planImage(shape, bytes, { ...options, tags: ['1', '1', '2'] }),
      ]
      assert.equal(a.image.descriptor.digest, b.image.descriptor.digest)
      assert.deepEqual([a.tags, b.tags], [[tag], ['1', '2']])
      assert.notEqual(
        planImage(shape, bytes, { ...options, version: '7' }).image.descriptor.digest,
        a.image.descriptor.digest,
      )
    }
  })

  it('attaches bundles and an SBOM to the image', () => {
    const plan = planImage('image', bytes, { bundles: [sampleBundle(digest)], sbom: sampleSbom(digest) })
    const [bundle, sbom] = plan.referrers.map((referrer) => json(referrer.bytes))
    for (const referrer of [bundle, sbom]) assert.equal(referrer.subject.digest, plan.image.descriptor.digest)
    assert.equal(bundle.artifactType, 'application/vnd.dev.sigstore.bundle.v0.3+json')
    assert.equal(bundle.annotations['dev.sigstore.bundle.predicateType'], 'https://slsa.dev/provenance/v1')
    assert.equal(sbom.artifactType, 'application/vnd.cyclonedx+json')
    const { manifests } = json(plan.index)
    assert.deepEqual(
      manifests.map((entry: { digest: string }) => entry.digest),
      [plan.image, ...plan.referrers].map(({ descriptor }) => descriptor.digest),
    )
    const image = plan.image.descriptor.digest
    assert.equal(
      planImage('image', bytes, { bundles: [sampleBundle(image)], sbom: sampleSbom(digest) }).referrers
        .length,
      2,
    )
  })

  it('refuses to attach what is about something else', () => {
    const other = digestOf('other')
    expectProblem('BCN_OCI_ATTACHMENT', () => planImage('image', bytes, { bundles: [sampleBundle(other)] }))
    expectProblem('BCN_OCI_ATTACHMENT', () => planImage('image', bytes, { bundles: [sampleBundle()] }))
    expectProblem('BCN_OCI_ATTACHMENT', () => planImage('image', bytes, { sbom: sampleSbom(other) }))
    for (const text of ['', '{}', '[]', '{"bomFormat":"CycloneDX"}']) {
      const file = { path: 'x', bytes: Buffer.from(text) }
      expectProblem('BCN_OCI_ATTACHMENT', () => planImage('image', bytes, { sbom: file }))
      expectProblem('BCN_OCI_ATTACHMENT', () => planImage('image', bytes, { bundles: [file] }))
    }
  })

  it('refuses options that do not go together, and an artifact that is not intact', () => {
    expectProblem('BCN_OCI_OPTIONS', () => planImage('runnable', bytes))
    expectProblem('BCN_OCI_OPTIONS', () => planImage('image', bytes, { base }))
    const platform = { os: 'linux', architecture: 'arm64' }
    expectProblem('BCN_OCI_OPTIONS', () => planImage('artifact', bytes, { platform }))
    assert.ok(planImage('image', bytes, { platform }))
    expectProblem('BCN_ARTIFACT_CHECKSUM', () => planImage('image', Buffer.from(bytes).fill(0x31, 600, 601)))
  })
})
