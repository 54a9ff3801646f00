import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { canonicalJson, digestOf, type JsonValue } from '../../../../src/domain/index.ts'
import { describeBytes } from '../../../../src/oci/content/descriptor.ts'
import { readBaseImage } from '../../../../src/oci/layout/base-image.ts'
import { expectRejection } from '../../../support/expect-problem.ts'
import { memorySource } from '../../../support/memory-source.ts'

const DOCKER = 'application/vnd.docker'

/** A base image in Docker's media types, alone and in a list of two platforms. */
function dockerBase(layerType = `${DOCKER}.image.rootfs.diff.tar.gzip`, diffIds = [digestOf('layer')]) {
  const content = new Map<string, Uint8Array>()
  const put = (mediaType: string, value: JsonValue) => {
    const bytes = Buffer.from(canonicalJson(value))
    const descriptor = describeBytes(mediaType, bytes)
    content.set(descriptor.digest, bytes)
    return descriptor
  }
  const config = put(`${DOCKER}.container.image.v1+json`, {
    os: 'linux',
    architecture: 'arm64',
    rootfs: { type: 'layers', diff_ids: diffIds },
  })
  const layer = { ...describeBytes(layerType, Buffer.from('packed')) }
  const type = `${DOCKER}.distribution.manifest.v2+json`
  const manifest = { schemaVersion: 2, mediaType: type, config, layers: [layer] }
  const root = put(type, manifest as unknown as JsonValue)
  const platforms = [
    { ...root, digest: digestOf('not there'), platform: { os: 'linux', architecture: 'amd64' } },
    { ...root, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
  ]
  const listType = `${DOCKER}.distribution.manifest.list.v2+json`
  const list = put(listType, {
    schemaVersion: 2,
    mediaType: listType,
    manifests: platforms,
  })
  return { root, list, source: memorySource(content) }
}

const arm = { os: 'linux', architecture: 'arm64' }

describe('readBaseImage', () => {
  it('takes the manifest of the platform from a list, and gives layers their OCI names', async () => {
    const { root, list, source } = dockerBase()
    for (const pinned of [root, list]) {
      const base = await readBaseImage(source, pinned, { platform: arm })
      assert.equal(base.digest, pinned.digest)
      assert.equal(base.layers[0]?.descriptor.mediaType, 'application/vnd.oci.image.layer.v1.tar+gzip')
    }
    assert.ok(await readBaseImage(source, list, { platform: { ...arm, variant: 'v8' } }))
  })

  it('refuses a platform that is not there, foreign layers and miscounted ones', async () => {
    const { root, list, source } = dockerBase()
    await expectRejection('BCN_OCI_BASE_UNSUPPORTED', () =>
      readBaseImage(source, list, { platform: { os: 'windows', architecture: 'amd64' } }),
    )
    await expectRejection('BCN_OCI_BASE_UNSUPPORTED', () =>
      readBaseImage(source, list, { platform: { ...arm, variant: 'v9' } }),
    )
    const foreign = dockerBase(`${DOCKER}.image.rootfs.foreign.diff.tar.gzip`)
    await expectRejection('BCN_OCI_BASE_UNSUPPORTED', () =>
      readBaseImage(foreign.source, foreign.root, { platform: arm }),
    )
    const miscounted = dockerBase(undefined, [])
    await expectRejection('BCN_OCI_BASE_UNSUPPORTED', () =>
      readBaseImage(miscounted.source, miscounted.root, { platform: arm }),
    )
    await expectRejection('BCN_OCI_SIZE_MISMATCH', () =>
      readBaseImage(source, { ...root, size: 1 }, { platform: arm }),
    )
  })
})
