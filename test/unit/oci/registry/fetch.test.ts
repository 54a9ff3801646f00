import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { decodeArtifact } from '../../../../src/artifact/index.ts'
import { digestOf } from '../../../../src/domain/index.ts'
import {
  downloadPlugin,
  fetchArtifact,
  fetchPlugin,
  parseReference,
  planImage,
  pushImage,
} from '../../../../src/oci/index.ts'
import { expectRejection } from '../../../support/expect-problem.ts'
import { registryHost, startRegistry, storePlugin } from '../../../support/registry/index.ts'
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

  it('gives plugins, cached too', async () => {
    await using registry = await startRegistry()
    const reference = storePlugin(registry, wasm, ['application/wasm'])
    for (const fetch of [globalThis.fetch, offline]) {
      const plugin = await fetchPlugin(reference, host({ fetch }))
      assert.deepEqual([plugin.bytes, plugin.digest], [wasm, digestOf(wasm)])
    }
    for (const layers of [[], ['application/x'], ['application/wasm', 'application/wasm']]) {
      await expectRejection('BCN_OCI_NO_PLUGIN', () =>
        fetchPlugin(storePlugin(registry, wasm, layers), host()),
      )
    }
  })
  it('gives plugins without a registry only from the cache', async () => {
    await using registry = await startRegistry()
    const module = Buffer.concat([wasm, Buffer.from([0, 1, 0])])
    const reference = storePlugin(registry, module, ['application/wasm'])
    const fetch = offline
    await expectRejection('BCN_OCI_NOT_CACHED', () =>
      fetchPlugin(reference, host({ fetch }), { offline: true }),
    )
    await fetchPlugin(reference, host())
    assert.deepEqual((await fetchPlugin(reference, host({ fetch }), { offline: true })).bytes, module)
  })

  const url = 'https://releases.example/filter.wasm'
  const sha256 = digestOf(wasm).slice('sha256:'.length)
  /** A host of which each url answers as it is listed, and nothing else is there. */
  const web = (answers: Record<string, () => Response>, changes = {}) => {
    const asked: string[] = []
    const fetch = async (to: URL, { headers }: { headers: Record<string, string> }) => {
      assert.equal(headers['authorization'], undefined)
      asked.push(to.href)
      return answers[to.href]?.() ?? new Response(null, { status: 404 })
    }
    return { asked, host: host({ fetch, ...changes }) }
  }
  const moved = (location: string) => () => new Response(null, { status: 302, headers: { location } })

  it('downloads a plugin once, follows it, and believes no cache', async () => {
    const storage = 'https://storage.example/filter?signature=secret'
    const { asked, host } = web({ [url]: moved(storage), [storage]: () => new Response(wasm) })
    await expectRejection('BCN_OCI_NOT_CACHED', () =>
      downloadPlugin({ url, sha256 }, host, { offline: true }),
    )
    assert.deepEqual(asked, [])
    assert.deepEqual(await downloadPlugin({ url, sha256 }, host), { bytes: wasm, digest: digestOf(wasm) })
    await downloadPlugin({ url, sha256 }, host, { offline: true })
    assert.deepEqual(asked, [url, storage])
    await writeFile(join(cache, 'modules', sha256, 'plugin.wasm'), 'another')
    await expectRejection('BCN_OCI_NOT_CACHED', () =>
      downloadPlugin({ url, sha256 }, host, { offline: true }),
    )
    assert.deepEqual((await downloadPlugin({ url, sha256 }, host)).bytes, wasm)
  })

  it('downloads no plugin that is another, too large or too slow, and none without TLS', async () => {
    const other = { url, sha256: 'ab'.repeat(32) }
    const large = () => new Response(new Blob(Array.from({ length: 129 }, () => new Uint8Array(2 ** 20))))
    let nowMs = 0
    for (const [code, answer, changes] of [
      ['BCN_OCI_DIGEST_MISMATCH', () => new Response(wasm)],
      ['BCN_OCI_DOWNLOAD', () => new Response(null, { status: 403 })],
      ['BCN_OCI_DOWNLOAD', () => new Response(null, { status: 503 })],
      ['BCN_OCI_DOWNLOAD', moved(url)],
      ['BCN_OCI_DOWNLOAD', () => new Response(null, { status: 302 })],
      ['BCN_OCI_INSECURE', moved('http://releases.example/filter.wasm')],
      ['BCN_OCI_TOO_LARGE', large],
      ['BCN_OCI_UNREACHABLE', () => new Response(wasm), { nowMs: () => (nowMs += 400_000) }],
    ] as const) {
      await expectRejection(code, () => downloadPlugin(other, web({ [url]: answer }, changes).host))
    }
  })
})
