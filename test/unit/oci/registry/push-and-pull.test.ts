import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { decodeArtifact } from '../../../../src/artifact/index.ts'
import { digestOf, type Digest } from '../../../../src/domain/index.ts'
import { parseReference, planImage, pullImage, pushImage, resolveBase } from '../../../../src/oci/index.ts'
import { listInFallback, listReferrers } from '../../../../src/oci/registry/referrers.ts'
import { openSession } from '../../../../src/oci/registry/registry-session.ts'
import { expectRejection } from '../../../support/expect-problem.ts'
import { registryHost, startRegistry, type Registry } from '../../../support/registry/index.ts'
import { sampleArtifact } from '../../../support/sample-artifact.ts'
import { sampleBundle, sampleSbom } from '../../../support/sample-attachments.ts'

const artifact = sampleArtifact()
const { digest } = decodeArtifact(artifact)
const attached = { bundles: [sampleBundle(digest)], sbom: sampleSbom(digest) }
const plan = planImage('image', artifact, attached)
const image = plan.image.descriptor.digest
const layer = plan.image.blobs[1]?.descriptor.digest as Digest

const refer = (registry: Registry, name = 'apis/shop:1.4') => parseReference(`${registry.address}/${name}`)

describe('push and pull', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'push-'))
  })
  after(() => rm(folder, { recursive: true }))

  /** A host that is logged in to a registry. */
  async function loggedIn(registry: Registry, entry: object = { username: 'user', password: 's3cret' }) {
    const file = join(folder, `${registry.address.replace(':', '-')}.json`)
    await writeFile(file, JSON.stringify({ auths: { [registry.address]: entry } }))
    return registryHost({ env: { REGISTRY_AUTH_FILE: file } })
  }

  it('give back what was sent, in every shape and with what is attached', async () => {
    for (const [referrersApi, ociSubject] of [
      [true, true],
      [true, false],
      [false, false],
    ] as const) {
      await using registry = await startRegistry({
        referrersApi,
        ociSubject,
        location: ociSubject ? 'relative' : 'absolute',
      })
      for (const shape of ['image', 'artifact'] as const) {
        const shaped = planImage(shape, artifact, attached)
        const reference = refer(registry, `apis/${shape}:1`)
        const pushed = await pushImage(shaped, reference, registryHost(), { tags: ['2'] })
        assert.equal(pushed.reference, `${registry.address}/apis/${shape}@${shaped.image.descriptor.digest}`)
        assert.deepEqual([pushed.tags, pushed.attached.length], [['1', '2'], 2])
        const pulled = await pullImage(reference, registryHost())
        assert.ok(pulled.bytes.equals(artifact))
        assert.equal(pulled.shape, shape)
        assert.deepEqual(
          [pulled.bundles, pulled.sboms],
          [[attached.bundles[0]?.bytes], [attached.sbom.bytes]],
        )
        assert.equal(
          registry
            .repository(`apis/${shape}`)
            .manifests.has(shaped.image.descriptor.digest.replace(':', '-')),
          !ociSubject,
        )
      }
    }
  })

  it('send nothing twice, and the tag last', async () => {
    await using registry = await startRegistry()
    const names: string[] = []
    registry.switches.onManifest = (name) => names.push(name)
    const first = await pushImage(plan, refer(registry), registryHost())
    assert.deepEqual(first.blobs, { uploaded: 5, mounted: 0, present: 1 })
    assert.deepEqual(names, [image, ...plan.referrers.map(({ descriptor }) => descriptor.digest), '1.4'])
    const second = await pushImage(plan, refer(registry), registryHost())
    assert.deepEqual(second.blobs, { uploaded: 0, mounted: 0, present: 6 })
  })

  it('refuse a digest that is not the image, and mount the layers of a base', async () => {
    await using registry = await startRegistry()
    const other = refer(registry, `apis/shop@${digestOf('other')}`)
    await expectRejection('BCN_OCI_DIGEST_MISMATCH', () => pushImage(plan, other, registryHost()))
    await pushImage(plan, refer(registry, 'bases/one:1'), registryHost())
    const platform = { os: 'linux', architecture: 'amd64' }
    const base = await resolveBase(`${registry.address}/bases/one:1@${image}`, platform, registryHost())
    const runnable = planImage('runnable', artifact, { base })
    const pushed = await pushImage(runnable, refer(registry, 'apis/run:1'), registryHost())
    assert.deepEqual(pushed.blobs, { uploaded: 2, mounted: 1, present: 0 })
    registry.switches.mounting = false
    const unmounted = await pushImage(runnable, refer(registry, 'apis/run2:1'), registryHost())
    assert.deepEqual(unmounted.blobs, { uploaded: 3, mounted: 0, present: 0 })
    assert.equal((await pullImage(refer(registry, 'apis/run2:1'), registryHost())).shape, 'runnable')
  })

  it('log in with Basic, with a token, and with an identity token', async () => {
    for (const auth of [
      { kind: 'basic', username: 'user', password: 's3cret' },
      { kind: 'token', username: 'user', password: 's3cret' },
      { kind: 'token', identityToken: 'refresh' },
    ] as const) {
      await using registry = await startRegistry({ auth })
      const entry = 'identityToken' in auth ? { identitytoken: 'refresh' } : undefined
      const host = await loggedIn(registry, entry)
      await pushImage(plan, refer(registry), host)
      assert.ok((await pullImage(refer(registry), host)).bytes.equals(artifact))
      const denied = await expectRejection('BCN_OCI_DENIED', () =>
        pushImage(plan, refer(registry), registryHost()),
      )
      assert.match(denied.hint, /docker login 127/)
      if (auth.kind === 'token') assert.ok(await pullImage(refer(registry), registryHost()))
      const wrong = await loggedIn(registry, { username: 'user', password: 'wrong' })
      await assert.rejects(pushImage(plan, refer(registry), wrong), /BCN_OCI_(DENIED|CHALLENGE)/)
    }
  })

  it('ask for a token of both repositories to mount', async () => {
    await using registry = await startRegistry({
      auth: { kind: 'token', username: 'user', password: 's3cret' },
    })
    const host = await loggedIn(registry)
    await pushImage(plan, refer(registry, 'bases/one:1'), host)
    const base = await resolveBase(
      `${registry.address}/bases/one:1@${image}`,
      { os: 'linux', architecture: 'amd64' },
      host,
    )
    const pushed = await pushImage(
      planImage('runnable', artifact, { base }),
      refer(registry, 'apis/run:1'),
      host,
    )
    assert.equal(pushed.blobs.mounted, 1)
    const tokens = registry.requests.filter(({ url }) => url.startsWith('/token'))
    assert.equal(tokens.length, 3)
  })

  it('never send credentials to another host or realm', async () => {
    await using storage = await startRegistry()
    await using registry = await startRegistry({
      auth: { kind: 'basic', username: 'user', password: 's3cret' },
    })
    const host = await loggedIn(registry)
    for (const each of [registry, storage]) await pushImage(plan, refer(each), host)
    storage.requests.length = 0
    registry.switches.redirectBlobs = `http://${storage.address}`
    assert.ok((await pullImage(refer(registry), host)).bytes.equals(artifact))
    assert.ok(storage.requests.length >= 2)
    for (const { headers } of storage.requests) assert.equal(headers['authorization'], undefined)
    for (const realm of ['http://evil.example/token', 'ftp://x/token', 'https://u:p@x/', 'nothing', '']) {
      registry.switches.auth = { kind: 'token', realm }
      await expectRejection('BCN_OCI_CHALLENGE', () => pullImage(refer(registry), host))
    }
  })

  it('speak http only to this machine or where it was asked for', async () => {
    const asked: string[] = []
    const host = registryHost({
      fetch: async (input) => {
        asked.push(input instanceof URL ? input.href : '')
        return new Response(null, { status: 307, headers: { location: 'http://evil.example/x' } })
      },
    })
    await expectRejection('BCN_OCI_INSECURE', () => pullImage(parseReference('r.example/a:1'), host))
    await expectRejection('BCN_OCI_INSECURE', () =>
      pullImage(parseReference('r.example/a:1'), host, { plainHttp: true }),
    )
    await expectRejection('BCN_OCI_INSECURE', () => pullImage(parseReference('localhost:1/a:1'), host))
    assert.deepEqual(asked, [
      'https://r.example/v2/a/manifests/1',
      'http://r.example/v2/a/manifests/1',
      'http://localhost:1/v2/a/manifests/1',
    ])
  })

  it('go on after faults of the network and the server', async () => {
    await using registry = await startRegistry()
    const host = registryHost()
    const blobs = (method: string) => (seen: { method: string; url: string }) =>
      seen.method === method && seen.url.includes('/blobs/')
    registry.switches.faults = [
      { when: blobs('HEAD'), status: 503, headers: { 'retry-after': '7' } },
      { when: blobs('POST'), status: 429 },
      { when: blobs('PUT'), drop: 'before' },
      { when: blobs('PUT'), loseAnswer: true },
      { when: ({ method, url }) => method === 'PUT' && url.includes('manifests'), status: 500, times: 2 },
    ]
    await pushImage(plan, refer(registry), host)
    assert.ok(host.waits.includes(7000))
    assert.deepEqual(registry.switches.faults, [])
    registry.switches.faults = [
      { when: ({ url }) => url.includes(layer), drop: 'middle', times: 2 },
      { when: ({ url }) => url.includes('referrers'), status: 502 },
    ]
    assert.ok((await pullImage(refer(registry), host)).bytes.equals(artifact))
    const ranges = registry.requests.map(({ headers }) => headers['range']).filter(Boolean)
    assert.equal(ranges.length, 2)
  })

  it('give up on a registry that goes silent, and go on where it did', async () => {
    await using registry = await startRegistry()
    await pushImage(plan, refer(registry), registryHost())
    const host = registryHost({ idleMs: 150 })
    registry.switches.faults = [
      { when: ({ url }) => url.includes('/manifests/1.4'), hang: 'before' },
      { when: ({ url }) => url.includes(layer), hang: 'middle' },
    ]
    assert.ok((await pullImage(refer(registry), host)).bytes.equals(artifact))
    assert.deepEqual(registry.switches.faults, [])
    registry.switches.faults = [{ when: () => true, hang: 'before', times: 100 }]
    const impatient = registryHost({ idleMs: 10 })
    const { message } = await expectRejection('BCN_OCI_UNREACHABLE', () =>
      pullImage(refer(registry), impatient),
    )
    assert.match(message, /no answer within/)
  })

  it('give up after five attempts and say why', async () => {
    await using registry = await startRegistry()
    registry.switches.faults = [{ when: () => true, status: 500, times: 100 }]
    await expectRejection('BCN_OCI_REGISTRY_ANSWER', () => pushImage(plan, refer(registry), registryHost()))
    assert.equal(registry.requests.length, 5)
    registry.switches.faults = [{ when: () => true, drop: 'before', times: 100 }]
    await expectRejection('BCN_OCI_UNREACHABLE', () => pullImage(refer(registry), registryHost()))
    registry.switches.faults = []
    await expectRejection('BCN_OCI_NOT_FOUND', () => pullImage(refer(registry), registryHost()))
    const host = registryHost({ signal: AbortSignal.abort() })
    await assert.rejects(pullImage(refer(registry), host), { name: 'AbortError' })
  })

  it('upload in chunks when asked to, or when the whole is too large', async () => {
    await using registry = await startRegistry({ minChunkBytes: 3000 })
    registry.switches.faults = [
      { when: ({ method }) => method === 'PATCH', loseAnswer: true },
      { when: ({ method }) => method === 'PATCH', status: 503 },
    ]
    await pushImage(plan, refer(registry), registryHost(), { chunkBytes: 1000 })
    const patches = registry.requests
      .filter(({ method }) => method === 'PATCH')
      .map(({ bodyBytes }) => bodyBytes)
    assert.ok(patches.length > 5 && Math.max(...patches) === 3000)
    // A chunk whose answer was lost is asked after: no upload begins anew.
    assert.equal(registry.requests.filter(({ method }) => method === 'POST').length, 5)
    assert.ok((await pullImage(refer(registry), registryHost())).bytes.equals(artifact))

    await using limited = await startRegistry({ maxUploadBytes: 10_000 })
    limited.switches.minChunkBytes = undefined
    const large = planImage('artifact', artifact)
    const reported: string[] = []
    await expectRejection('BCN_OCI_REGISTRY_ANSWER', () => pushImage(plan, refer(limited), registryHost()))
    await pushImage(large, refer(limited), registryHost(), {
      chunkBytes: 4096,
      onProgress: ({ state, sentBytes }) => reported.push(`${state} ${sentBytes}`),
    })
    assert.ok(reported.includes('uploading 4096'))
    assert.equal(reported.at(-1), `uploaded ${artifact.byteLength}`)
  })

  it('begin an upload anew that the registry forgot', async () => {
    await using registry = await startRegistry()
    registry.switches.faults = [
      { when: ({ method, url }) => method === 'PUT' && url.includes('uploads'), status: 404 },
      { when: ({ method }) => method === 'PATCH', status: 416 },
    ]
    await pushImage(plan, refer(registry), registryHost(), { chunkBytes: 4096 })
    assert.ok(await pullImage(refer(registry), registryHost()))
  })

  it('notice a registry that alters what it was given', async () => {
    await using registry = await startRegistry()
    registry.switches.altered.set('1.4', Buffer.from('{}'))
    await expectRejection('BCN_OCI_DIGEST_MISMATCH', () => pushImage(plan, refer(registry), registryHost()))
    registry.switches.altered.clear()
    const other = planImage('artifact', artifact).image
    // The announced digest fits what is given, only it is not what was pushed.
    registry.switches.onManifest = (name) => {
      const { manifests } = registry.repository('apis/shop')
      if (name === '1.4')
        manifests.set('1.4', { mediaType: other.descriptor.mediaType, bytes: Buffer.from(other.bytes) })
    }
    await expectRejection('BCN_OCI_READ_BACK', () => pushImage(plan, refer(registry), registryHost()))
    registry.switches.onManifest = (name) => registry.repository('apis/shop').manifests.delete(name)
    await expectRejection('BCN_OCI_READ_BACK', () => pushImage(plan, refer(registry), registryHost()))
  })

  it('notice content that is not what its digest says', async () => {
    await using registry = await startRegistry()
    await pushImage(plan, refer(registry), registryHost())
    for (const content of [layer, image, ...plan.referrers.map(({ descriptor }) => descriptor.digest)]) {
      const whole =
        registry.repository('apis/shop').blobs.get(content) ??
        registry.repository('apis/shop').manifests.get(content)?.bytes
      const changed = Buffer.from(whole as Buffer)
      changed[40] = (changed[40] as number) ^ 1
      registry.switches.altered.set(content, changed)
      const pinned = refer(registry, `apis/shop@${image}`)
      await expectRejection('BCN_OCI_DIGEST_MISMATCH', () => pullImage(pinned, registryHost()))
      registry.switches.altered.delete(content)
    }
    const { manifests, blobs } = registry.repository('apis/shop')
    blobs.delete(layer)
    await expectRejection('BCN_OCI_NOT_FOUND', () => pullImage(refer(registry), registryHost()))
    const mediaType = 'application/vnd.oci.image.index.v1+json'
    manifests.set('index', { mediaType, bytes: Buffer.from('{"schemaVersion":2,"manifests":[]}') })
    await expectRejection('BCN_OCI_NO_ARTIFACT', () =>
      pullImage(refer(registry, 'apis/shop:index'), registryHost()),
    )
    manifests.set('big', { mediaType, bytes: Buffer.alloc(5 * 1024 * 1024) })
    await expectRejection('BCN_OCI_TOO_LARGE', () =>
      pullImage(refer(registry, 'apis/shop:big'), registryHost()),
    )
  })
})

describe('the fallback list of attachments', () => {
  const added = (name: string) => ({
    mediaType: plan.image.descriptor.mediaType,
    digest: digestOf(name),
    size: 1,
  })

  it('keeps what other writers add at the same time', async () => {
    for (const etags of [true, false]) {
      await using registry = await startRegistry({ referrersApi: false, etags })
      const session = () => openSession(refer(registry), registryHost(), {})
      const names = ['a', 'b', 'c', 'd']
      // Without conditional requests a writer may still be lost after it looked; one after the other none is.
      if (etags) await Promise.all(names.map((name) => listInFallback(session(), image, added(name))))
      else for (const name of names) await listInFallback(session(), image, added(name))
      const listed = await listReferrers(session(), image)
      assert.deepEqual(
        listed.map(({ digest }) => digest).toSorted(),
        names.map((name) => digestOf(name)).toSorted(),
      )
    }
  })

  it('is written again when somebody overwrote it, and given up after eight times', async () => {
    await using registry = await startRegistry({ referrersApi: false })
    const { manifests } = registry.repository('apis/shop')
    let overwritten = 0
    registry.switches.onManifest = (name) => {
      if (overwritten++ < 2) manifests.delete(name)
    }
    const session = openSession(refer(registry), registryHost(), {})
    await listInFallback(session, image, added('a'))
    assert.equal((await listReferrers(session, image)).length, 1)
    registry.switches.onManifest = (name) => manifests.delete(name)
    await expectRejection('BCN_OCI_ATTACHMENT_LOST', () => listInFallback(session, image, added('b')))
  })

  it('that is endless is refused', async () => {
    await using registry = await startRegistry({ referrersApi: false })
    const listed = Array.from({ length: 300 }, (_, index) => added(String(index)))
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: listed }))
    const mediaType = 'application/vnd.oci.image.index.v1+json'
    registry.repository('apis/shop').manifests.set(image.replace(':', '-'), { mediaType, bytes })
    const session = openSession(refer(registry), registryHost(), {})
    await expectRejection('BCN_OCI_TOO_LARGE', () => listReferrers(session, image))
  })
})
