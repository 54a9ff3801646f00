import assert from 'node:assert/strict'
import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { Ajv2020 } from 'ajv/dist/2020.js'

import { decodeArtifact } from '../../src/artifact/index.ts'
import { digestOf, type Digest } from '../../src/domain/index.ts'
import { barbacane, isolatedEnv } from '../support/binary.ts'
import { startRegistry } from '../support/registry/index.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { sampleArtifact } from '../support/sample-artifact.ts'
import { sampleBundle, sampleSbom } from '../support/sample-attachments.ts'
import { repositoryRoot } from '../support/source-tree.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const artifact = sampleArtifact()
const { digest } = decodeArtifact(artifact)
const files = {
  'api.bca': artifact,
  'api.bca.sigstore.json': sampleBundle(digest).bytes,
  'api.bca.cdx.json': sampleSbom(digest).bytes,
}

async function expectFit(command: string, stdout: string): Promise<Record<string, unknown>> {
  const schema = JSON.parse(await readFile(join(repositoryRoot, `schemas/output/${command}.json`), 'utf8'))
  const ajv = new Ajv2020({ strict: false })
  const { result } = JSON.parse(stdout) as { readonly result: Record<string, unknown> }
  assert.equal(ajv.validate(schema, result), true, ajv.errorsText())
  return result
}

/** Every file of a folder with its digest. */
async function digestsOf(root: string): Promise<Record<string, Digest>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const digests = await Promise.all(
    paths.toSorted().map(async (path) => [path.slice(root.length), digestOf(await readFile(path))]),
  )
  return Object.fromEntries(digests) as Record<string, Digest>
}

describe('package', () => {
  it('writes the same bytes in other time zones, languages and umasks, and from other places', async () => {
    await using folder = await temporaryFolder(files)
    const seen: unknown[] = []
    for (const [index, env] of [
      { TZ: 'UTC', LC_ALL: 'C', umask: '022' },
      { TZ: 'Pacific/Kiritimati', LC_ALL: 'sv_SE.UTF-8', umask: '077' },
      { TZ: 'America/St_Johns', LC_ALL: 'tr_TR.UTF-8', umask: '000' },
    ].entries()) {
      const { umask, ...rest } = env
      const wrap = process.platform === 'win32' ? [] : ['sh', '-c', `umask ${umask}; exec "$@"`, 'sh']
      const attached = ['--bundle', '../api.bca.sigstore.json', '--sbom', '../api.bca.cdx.json', '--tag', '1']
      const cwd = join(folder.path, `place-${index}`)
      await folder.write({ [`place-${index}/here`]: '' })
      for (const shape of ['image', 'artifact']) {
        for (const output of [shape, `${shape}.tar`]) {
          const args = ['package', '../api.bca', '-o', output, '--shape', shape, ...attached]
          const { exit, stderr } = await runBarbacane(args, { cwd, env: rest, wrap })
          assert.equal(exit, 0, stderr)
        }
      }
      seen.push(await digestsOf(cwd))
    }
    assert.deepEqual(seen[1], seen[0])
    assert.deepEqual(seen[2], seen[0])
    assert.ok(Object.keys(seen[0] as object).length > 12)
  })

  it('touches no network', { skip: process.platform !== 'linux' || process.getuid?.() !== 0 }, async () => {
    await using folder = await temporaryFolder(files)
    const args = ['package', 'api.bca', '-o', 'image']
    const { exit, stderr } = await runBarbacane(args, { cwd: folder.path, wrap: ['unshare', '-n'] })
    assert.equal(exit, 0, stderr)
  })

  it('says what is wrong with its arguments', async () => {
    await using folder = await temporaryFolder({
      ...files,
      'damaged.bca': Buffer.from(artifact).fill(0x31, 900, 901),
    })
    for (const [code, exit, ...args] of [
      ['BCN_OCI_OPTIONS', 2, 'api.bca', '--shape', 'runnable'],
      ['BCN_OCI_OPTIONS', 2, 'api.bca', '--platform', 'linux'],
      ['BCN_OCI_OPTIONS', 2, 'api.bca', '--plain-http'],
      ['BCN_OCI_REFERENCE', 2, 'api.bca', '--tag', 'a b'],
      ['BCN_OCI_REFERENCE_UNPINNED', 2, 'api.bca', '--shape', 'runnable', '--base', 'localhost:1/base:1'],
      ['BCN_OCI_ATTACHMENT', 2, 'api.bca', '--sbom', 'absent.json'],
      ['BCN_OCI_ATTACHMENT', 2, 'api.bca', '--bundle', 'api.bca.cdx.json'],
      ['BCN_ARTIFACT_UNREADABLE', 2, 'absent.bca'],
      ['BCN_ARTIFACT_CHECKSUM', 4, 'damaged.bca'],
    ] as const) {
      const ran = await runBarbacane(['package', ...args, '-o', 'image'], { cwd: folder.path })
      assert.match(ran.stderr, new RegExp(code))
      assert.equal(ran.exit, exit)
    }
    assert.deepEqual(
      (await readdir(folder.path)).filter((name) => name.includes('image')),
      [],
    )
  })
})

describe('push and pull', () => {
  it('carry an artifact and what is attached, and print what fits their schemas', async () => {
    await using folder = await temporaryFolder(files)
    await using registry = await startRegistry()
    const attached = ['--bundle', 'api.bca.sigstore.json', '--sbom', 'api.bca.cdx.json']
    const options = { cwd: folder.path }
    const name = `${registry.address}/apis/shop`
    const pushed = await runBarbacane(
      ['push', 'api.bca', `${name}:1`, '--tag', '2', ...attached, '--json'],
      options,
    )
    assert.equal(pushed.exit, 0, pushed.stdout)
    assert.equal(pushed.stderr, '')
    const result = await expectFit('push', pushed.stdout)
    assert.deepEqual(result['tags'], ['2', '1'].toSorted())
    const pulled = await runBarbacane(
      ['pull', result['reference'] as string, '-o', 'out.bca', '--json'],
      options,
    )
    const { files: written } = await expectFit('pull', pulled.stdout)
    assert.deepEqual(written, ['out.bca', 'out.bca.sigstore.json', 'out.bca.cdx.json'])
    assert.deepEqual(await readFile(join(folder.path, 'out.bca')), artifact)
    assert.deepEqual(
      await readFile(join(folder.path, 'out.bca.sigstore.json')),
      Buffer.from(sampleBundle(digest).bytes),
    )
  })

  it('show progress as lines, and a reference to use', async () => {
    await using folder = await temporaryFolder(files)
    await using registry = await startRegistry()
    await runBarbacane(['package', 'api.bca', '-o', 'image', '--tag', '7'], { cwd: folder.path })
    const first = await runBarbacane(['push', 'image', `${registry.address}/apis/shop`], { cwd: folder.path })
    assert.match(first.stdout, /^127\.0\.0\.1:\d+\/apis\/shop@sha256:[0-9a-f]{64}\n$/)
    assert.match(first.stderr, /^(uploaded [0-9a-f]{12} \([\d.]+ K?i?B\)\n){2}$/)
    assert.ok(registry.repository('apis/shop').manifests.has('7'))
    const second = await runBarbacane(['push', 'image', `${registry.address}/apis/shop`], {
      cwd: folder.path,
    })
    assert.match(second.stderr, /^(already there: [0-9a-f]{12} .*\n){2}$/)
    const quiet = await runBarbacane(['push', 'image', `${registry.address}/apis/shop`, '-q'], {
      cwd: folder.path,
    })
    assert.equal(quiet.stderr, '')
  })

  it('pull nothing that is not what it says, and write nothing then', async () => {
    await using folder = await temporaryFolder(files)
    await using registry = await startRegistry()
    const pushed = await runBarbacane(['push', 'api.bca', `${registry.address}/apis/shop:1`], {
      cwd: folder.path,
    })
    const image = pushed.stdout.trim().split('@')[1] as string
    registry.switches.altered.set(image, Buffer.from('{}'))
    const pull = ['pull', `${registry.address}/apis/shop@${image}`, '-o', 'out.bca']
    const ran = await runBarbacane(pull, { cwd: folder.path })
    assert.equal(ran.exit, 4)
    assert.match(ran.stderr, /BCN_OCI_DIGEST_MISMATCH/)
    assert.deepEqual(
      (await readdir(folder.path)).filter((name) => name.startsWith('out')),
      [],
    )
  })

  it('stop at Ctrl-C', { skip: process.platform === 'win32' }, async () => {
    await using folder = await temporaryFolder(files)
    await using registry = await startRegistry()
    const asked = new Promise<void>((resolve) => {
      const when = (): boolean => {
        resolve()
        return true
      }
      registry.switches.faults = [{ when, status: 503, headers: { 'retry-after': '60' }, times: 100 }]
    })
    const [program, ...first] = barbacane()
    const args = [...first, 'pull', `${registry.address}/apis/shop:1`, '-o', 'out.bca']
    const child = spawn(program, args, { cwd: folder.path, env: isolatedEnv(folder.path), stdio: 'ignore' })
    const closed = once(child, 'close')
    await asked
    child.kill('SIGINT')
    assert.deepEqual(await closed, [130, null])
    assert.deepEqual(
      (await readdir(folder.path)).filter((name) => name.startsWith('out')),
      [],
    )
  })
})
