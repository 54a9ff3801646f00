import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'

import { decodeArtifact } from '../../src/artifact/index.ts'
import { debianTools } from '../support/debian-tools.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { sampleArtifact } from '../support/sample-artifact.ts'
import { sampleBundle, sampleSbom } from '../support/sample-attachments.ts'
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts'

const DOCKER_REGISTRY = 'docker-registry'
const skip = debianTools('skopeo', 'umoci', DOCKER_REGISTRY)
const artifact = sampleArtifact()
const { digest, manifest } = decodeArtifact(artifact)

// user:s3cret in bcrypt, the only form that docker-registry reads.
const HTPASSWD = 'user:$2y$05$AiIoSDO9.65E6quNDLVpL.6/MWhIC6DBpzjRZqs/lWWVpLmBIexHS\n'

/** Debian's docker-registry on an ephemeral port. */
async function startDockerRegistry(folder: TemporaryFolder) {
  await folder.write({
    htpasswd: HTPASSWD,
    'registry.yml': [
      'version: 0.1',
      `storage: {filesystem: {rootdirectory: ${folder.path}/storage}}`,
      'http: {addr: "127.0.0.1:0"}',
      `auth: {htpasswd: {realm: test, path: ${folder.path}/htpasswd}}`,
      '',
    ].join('\n'),
  })
  const child = spawn(DOCKER_REGISTRY, ['serve', join(folder.path, 'registry.yml')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], OTEL_TRACES_EXPORTER: 'none' },
  })
  let log = ''
  const address = await new Promise<string>((resolve, reject) => {
    const read = (text: Buffer): void => {
      log += String(text)
      const found = /listening on (127\.0\.0\.1:\d+)/.exec(log)?.[1]
      if (found !== undefined) resolve(found)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.on('close', (code) => reject(new Error(`docker-registry ended with ${code}: ${log}`)))
  })
  return { address, close: () => child.kill() }
}

describe('independent tools', { skip }, () => {
  let folder: TemporaryFolder
  let registry: Awaited<ReturnType<typeof startDockerRegistry>>
  let env: Record<string, string>

  before(async () => {
    folder = await temporaryFolder({
      'api.bca': artifact,
      'api.bca.sigstore.json': sampleBundle(digest).bytes,
      'api.bca.cdx.json': sampleSbom(digest).bytes,
    })
    registry = await startDockerRegistry(folder)
    const auth = Buffer.from('user:s3cret').toString('base64')
    await folder.write({ 'auth.json': JSON.stringify({ auths: { [registry.address]: { auth } } }) })
    env = { REGISTRY_AUTH_FILE: join(folder.path, 'auth.json') }
  })
  after(async () => {
    registry?.close()
    await folder?.[Symbol.asyncDispose]()
  })

  async function barbacane(...args: readonly string[]): Promise<string> {
    const { exit, stdout, stderr } = await runBarbacane(args, { cwd: folder.path, env })
    assert.equal(exit, 0, stderr)
    return stdout
  }
  async function tool(program: string, ...args: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(program, args, {
      cwd: folder.path,
      env: { PATH: process.env['PATH'], HOME: folder.path, ...env },
    })
    return stdout
  }

  it('skopeo reads the labels of a layout, folder and tar', async () => {
    await barbacane('package', 'api.bca', '-o', 'image', '--tag', '1.4')
    await barbacane('package', 'api.bca', '-o', 'image.tar', '--tag', '1.4')
    for (const name of ['oci:image:1.4', 'oci-archive:image.tar:1.4']) {
      const seen = JSON.parse(await tool('skopeo', 'inspect', name))
      assert.equal(seen.Labels['dev.barbacane.artifact_hash'], manifest.artifact_hash)
      assert.equal(seen.Labels['dev.barbacane.artifact_digest'], digest)
      assert.deepEqual([seen.Os, seen.Architecture, seen.Layers.length], ['linux', 'amd64', 1])
      assert.equal(new Date(seen.Created).toISOString(), '2026-01-02T03:04:05.000Z')
    }
  })

  it('umoci unpacks the file system', async () => {
    await barbacane('package', 'api.bca', '-o', 'unpacked-image', '--sbom', 'api.bca.cdx.json', '--tag', '1')
    await tool('umoci', 'unpack', '--rootless', '--image', 'unpacked-image:1', 'bundle')
    const path = join(folder.path, 'bundle/rootfs/config/api.bca')
    assert.deepEqual(await readFile(path), artifact)
    assert.equal((await stat(path)).mode & 0o777, 0o444)
    assert.deepEqual(
      await readFile(join(folder.path, 'bundle/rootfs/config/sbom.cdx.json')),
      Buffer.from(sampleSbom(digest).bytes),
    )
  })

  it('skopeo copies a layout into docker-registry and back, and it stays the same', async () => {
    const result = JSON.parse(
      await barbacane('package', 'api.bca', '-o', 'there', '--tag', '1', '--json'),
    ).result
    const remote = `docker://${registry.address}/apis/copied:1`
    await tool(
      'skopeo',
      'copy',
      '--insecure-policy',
      '--dest-tls-verify=false',
      '--preserve-digests',
      'oci:there:1',
      remote,
    )
    const seen = JSON.parse(await tool('skopeo', 'inspect', '--tls-verify=false', remote))
    assert.equal(seen.Digest, result.digest)
    await barbacane('pull', `${registry.address}/apis/copied:1`, '-o', 'copied.bca')
    assert.deepEqual(await readFile(join(folder.path, 'copied.bca')), artifact)
    await tool('skopeo', 'copy', '--insecure-policy', '--src-tls-verify=false', remote, 'oci:back:1')
    const pushed = await barbacane('push', 'oci:back:1', `${registry.address}/apis/again:2`)
    assert.equal(pushed.trim(), `${registry.address}/apis/again@${result.digest}`)
  })

  it('docker-registry takes what push sends, with the fallback tag for what is attached', async () => {
    const attached = ['--bundle', 'api.bca.sigstore.json', '--sbom', 'api.bca.cdx.json']
    const name = `${registry.address}/apis/shop`
    for (const extra of [[], ['--chunk-size', '1']]) {
      const pushed = await barbacane('push', 'api.bca', `${name}:1.4`, ...attached, ...extra, '--json')
      const { digest: image } = JSON.parse(pushed).result
      const seen = JSON.parse(await tool('skopeo', 'inspect', '--tls-verify=false', `docker://${name}:1.4`))
      assert.equal(seen.Digest, image)
      assert.ok(seen.RepoTags.includes(image.replace(':', '-')))
    }
    const files = await barbacane('pull', `${name}:1.4`, '-o', 'pulled.bca')
    assert.equal(files, 'pulled.bca\npulled.bca.sigstore.json\npulled.bca.cdx.json\n')
    assert.deepEqual(await readFile(join(folder.path, 'pulled.bca')), artifact)
    assert.deepEqual(
      await readFile(join(folder.path, 'pulled.bca.cdx.json')),
      Buffer.from(sampleSbom(digest).bytes),
    )
  })

  it('the bare artifact goes through docker-registry too', async () => {
    await barbacane('package', 'api.bca', '-o', 'bare', '--shape', 'artifact')
    await barbacane('push', 'bare', `${registry.address}/apis/bare:1`)
    await barbacane('pull', `${registry.address}/apis/bare:1`, '-o', 'bare.bca')
    assert.deepEqual(await readFile(join(folder.path, 'bare.bca')), artifact)
  })

  it('docker-registry refuses who is not logged in, and that is said', async () => {
    env = { REGISTRY_AUTH_FILE: join(folder.path, 'empty.json') }
    await folder.write({ 'empty.json': '{}' })
    const ran = await runBarbacane(['push', 'api.bca', `${registry.address}/apis/shop:1`], {
      cwd: folder.path,
      env,
    })
    env = { REGISTRY_AUTH_FILE: join(folder.path, 'auth.json') }
    assert.equal(ran.exit, 7)
    assert.match(ran.stderr, /BCN_OCI_DENIED/)
  })

  it('a base that umoci made is extended, from a layout and from the registry, and its layer is mounted', async () => {
    await folder.write({ hello: 'hello' })
    await tool('umoci', 'init', '--layout', 'base')
    await tool('umoci', 'new', '--image', 'base:1')
    await tool('umoci', 'insert', '--rootless', '--image', 'base:1', 'hello', '/bin/hello')
    await tool(
      'umoci',
      'config',
      '--image',
      'base:1',
      '--config.entrypoint',
      '/bin/hello',
      '--config.user',
      '65532:65532',
    )
    const runnable = ['package', 'api.bca', '--shape', 'runnable', '--tag', '1']
    await barbacane(...runnable, '-o', 'run', '--base', 'oci:base:1')
    const { config } = JSON.parse(await tool('skopeo', 'inspect', '--config', 'oci:run:1'))
    assert.deepEqual(config.Entrypoint, ['/bin/hello'])
    assert.deepEqual(config.Cmd, ['serve', '--artifact', '/config/api.bca'])
    assert.equal(config.User, '65532:65532')
    await tool('umoci', 'unpack', '--rootless', '--image', 'run:1', 'run-bundle')
    assert.equal(await readFile(join(folder.path, 'run-bundle/rootfs/bin/hello'), 'utf8'), 'hello')
    assert.deepEqual(await readFile(join(folder.path, 'run-bundle/rootfs/config/api.bca')), artifact)

    const remote = `${registry.address}/bases/hello:1`
    await tool(
      'skopeo',
      'copy',
      '--insecure-policy',
      '--dest-tls-verify=false',
      'oci:base:1',
      `docker://${remote}`,
    )
    const { Digest } = JSON.parse(await tool('skopeo', 'inspect', '--tls-verify=false', `docker://${remote}`))
    await barbacane(...runnable, '-o', 'run2', '--base', `${remote}@${Digest}`)
    const pushed = JSON.parse(
      await barbacane('push', 'run2', `${registry.address}/apis/run:1`, '--json'),
    ).result
    assert.deepEqual(pushed.blobs, { uploaded: 2, mounted: 1, present: 0 })
  })
})
