import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { decodeArtifact } from '../../../../src/artifact/index.ts'
import { canonicalJson, digestOf, type JsonValue } from '../../../../src/domain/index.ts'
import {
  fetchArtifact,
  fetchPlugin,
  parseReference,
  planImage,
  pushImage,
} from '../../../../src/oci/index.ts'
import { describeBytes } from '../../../../src/oci/content/descriptor.ts'
import { expectRejection } from '../../../support/expect-problem.ts'
import { registryHost, startRegistry, type Registry } from '../../../support/registry/index.ts'
import { sampleArtifact } from '../../../support/sample-artifact.ts'
import { sampleBundle } from '../../../support/sample-attachments.ts'

const artifact = sampleArtifact()
const { digest } = decodeArtifact(artifact)
const plan = planImage('image', artifact)
const image = plan.image.descriptor.digest
const offline = async () => assert.fail('the registry was asked')

describe('fetching by digest', () => {
  let cache: string
  before(async () => {
    cache = await mkdtemp(join(tmpdir(), 'cache-'))
  })
  after(() => rm(cache, { recursive: true }))
  const host = (changes = {}) => registryHost({ env: { BARBACANE_CACHE_DIR: cache }, ...changes })

  it('asks the registry once, then serves from the cache, which it does not believe', async () => {
    await using registry = await startRegistry()
    await pushImage(plan, parseReference(`${registry.address}/apis/shop:1`), host())
    const reference = `oci://${registry.address}/apis/shop@${image}`
    const first = await fetchArtifact(reference, host())
    assert.deepEqual([first.isCached, first.image, first.artifact.digest], [false, image, digest])
    assert.deepEqual(await readFile(first.path), artifact)
    const second = await fetchArtifact(reference, host({ fetch: offline }))
    assert.deepEqual([second.isCached, second.path, second.bytes], [true, first.path, artifact])

    for (const name of ['api.bca', 'manifest.json']) {
      const path = join(dirname(first.path), name)
      const other =
        name === 'api.bca' ? sampleArtifact({ inputs: [] }) : planImage('artifact', artifact).image.bytes
      await writeFile(path, other)
      const again = await fetchArtifact(reference, host())
      assert.deepEqual([again.isCached, again.bytes], [false, artifact])
      assert.equal((await fetchArtifact(reference, host({ fetch: offline }))).isCached, true)
    }
  })

  it('asks again for a bundle that is not in the cache yet', async () => {
    await using registry = await startRegistry()
    const bundles = Array.from({ length: 12 }, (_, index) => sampleBundle(digest, digestOf(String(index))))
    const signed = planImage('artifact', artifact, { bundles })
    const tag = parseReference(`${registry.address}/apis/shop:1`)
    await pushImage({ ...signed, referrers: [] }, tag, host())
    const reference = `${registry.address}/apis/shop@${signed.image.descriptor.digest}`
    assert.deepEqual((await fetchArtifact(reference, host(), { needsBundle: true })).bundles, [])
    await pushImage(signed, tag, host())
    assert.equal((await fetchArtifact(reference, host())).bundles.length, 0)
    const fetched = await fetchArtifact(reference, host(), { needsBundle: true })
    assert.equal(fetched.bundles.length, 12)
    assert.deepEqual(await readFile(`${fetched.path}.sigstore.json`), fetched.bundles[0])
    assert.deepEqual(await fetchArtifact(reference, host({ fetch: offline }), { needsBundle: true }), {
      ...fetched,
      isCached: true,
    })
  })

  it('needs a digest, and a cache that can be written', async () => {
    await expectRejection('BCN_OCI_REFERENCE_UNPINNED', () => fetchArtifact('r.example/shop:1', host()))
    await expectRejection('BCN_OCI_REFERENCE_UNPINNED', () => fetchPlugin('r.example/plugin:1', host()))
    await using registry = await startRegistry()
    await pushImage(plan, parseReference(`${registry.address}/apis/shop:1`), host())
    const file = join(cache, 'file')
    await writeFile(file, '')
    await expectRejection('BCN_OCI_NOT_WRITTEN', () =>
      fetchArtifact(`${registry.address}/apis/shop@${image}`, host({ env: { BARBACANE_CACHE_DIR: file } })),
    )
  })

  const wasm = Buffer.from('\0asm\x01\0\0\0', 'latin1')

  function storePlugin(registry: Registry, layers: readonly string[]): string {
    const { blobs, manifests } = registry.repository('plugins/filter')
    blobs.set(digestOf(wasm), wasm)
    const bytes = Buffer.from(
      canonicalJson({
        schemaVersion: 2,
        config: describeBytes('application/vnd.oci.empty.v1+json', Buffer.from('{}')),
        layers: layers.map((mediaType) => describeBytes(mediaType, wasm)),
      } as unknown as JsonValue),
    )
    manifests.set(digestOf(bytes), { mediaType: 'application/vnd.oci.image.manifest.v1+json', bytes })
    return `${registry.address}/plugins/filter@${digestOf(bytes)}`
  }

  it('gives plugins, cached too', async () => {
    await using registry = await startRegistry()
    const reference = storePlugin(registry, ['application/wasm'])
    for (const fetch of [globalThis.fetch, offline]) {
      const plugin = await fetchPlugin(reference, host({ fetch }))
      assert.deepEqual([plugin.bytes, plugin.digest], [wasm, digestOf(wasm)])
    }
    for (const layers of [[], ['application/x'], ['application/wasm', 'application/wasm']]) {
      await expectRejection('BCN_OCI_NO_PLUGIN', () => fetchPlugin(storePlugin(registry, layers), host()))
    }
  })
})
