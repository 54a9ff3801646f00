import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { decodeArtifact } from '../../src/artifact/index.ts'
import { digestOf, sha256Hex } from '../../src/domain/index.ts'
import { isolatedEnv } from '../support/binary.ts'
import { startRegistry, storePlugin, type Registry } from '../support/registry/index.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { sampleArtifact } from '../support/sample-artifact.ts'
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts'
import { wasmModule } from '../support/wasm.ts'

const API = `openapi: 3.1.0
info: { title: Pets, version: '1' }
paths:
  /pets:
    get:
      operationId: listPets
      x-barbacane-middlewares: [{ name: filter }, { name: local }]
      x-barbacane-dispatch: { name: mock, config: { body: { ok: true } } }
      responses: { '200': { description: ok } }
`
const fetched = wasmModule({ exports: ['on_request', 'init'] })
const downloaded = wasmModule({ exports: ['on_request'] })
const URL_TEXT = 'https://releases.invalid/local.wasm'

interface Link {
  readonly name: string
  readonly status: string
  readonly outcome: string
}

describe('plugins that are fetched', () => {
  let folder: TemporaryFolder
  let registry: Registry
  let reference: string

  const git = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: folder.path, env: isolatedEnv(folder.path), encoding: 'utf8' })
  const run = (...args: readonly string[]) =>
    runBarbacane(args, { cwd: folder.path, env: { BARBACANE_CACHE_DIR: join(folder.path, '.cache') } })
  const works = async (...args: readonly string[]): Promise<string> => {
    const { exit, stdout, stderr } = await run(...args)
    assert.equal(exit, 0, `${args.join(' ')}: ${stdout}${stderr}`)
    return stdout
  }
  const gitLink = async (name: string): Promise<Link | undefined> => {
    const { stdout } = await run('verify', name, '--key', 'release.pub', '--git', '--json')
    const { result } = JSON.parse(stdout) as { result: { chain: readonly Link[] } }
    return result.chain.find((link) => link.name === 'git')
  }

  before(async () => {
    registry = await startRegistry()
    reference = storePlugin(registry, fetched, ['application/wasm'])
    const sha256 = sha256Hex(downloaded)
    folder = await temporaryFolder({
      'barbacane.yaml': `version: 1\nplugins:\n  filter: { oci: '${reference}' }\n  local: { url: '${URL_TEXT}', sha256: ${sha256} }\n`,
      'specs/api.yaml': API,
      '.gitignore': '*.bca\n*.json\n*.key\n*.pub\n.cache/\n',
      // What the address above would have given.
      [`.cache/modules/${sha256}/plugin.wasm`]: downloaded,
    })
    git('init', '-q')
    git('add', '.')
    git('commit', '-qm', 'first')
    await works('keygen', '-o', 'release', '--type', 'ed25519')
  })
  after(async () => {
    await registry[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  it('are compiled in, from the registry once, then from the cache', async () => {
    const refused = await run('compile', '-o', 'a.bca', '--offline')
    assert.equal(refused.exit, 7)
    assert.match(refused.stderr, /BCN_OCI_NOT_CACHED/)
    assert.match(refused.stderr, /barbacane\.yaml:3:18/)
    assert.equal(registry.requests.length, 0)
    await works('compile', '-o', 'a.bca')
    const asked = registry.requests.length
    assert.ok(asked > 0)
    await works('compile', '-o', 'b.bca', '--offline')
    assert.equal(registry.requests.length, asked)
    const [first, second] = await Promise.all(
      ['a.bca', 'b.bca'].map((name) => readFile(join(folder.path, name))),
    )
    assert.deepEqual(first, second)
    const { entries, manifest } = decodeArtifact(first as Buffer)
    assert.deepEqual(
      manifest.plugins.map(({ name, path, type }) => [name, path, type]),
      [
        ['filter', '.barbacane/plugins/filter.wasm', 'middleware'],
        ['local', '.barbacane/plugins/local.wasm', 'middleware'],
      ],
    )
    const entry = entries.get('plugins/.barbacane/plugins/filter.wasm')
    assert.equal(entry && digestOf(entry), digestOf(fetched))
  })

  it('are verified against what barbacane.yaml pins, and compile to the same bytes again', async () => {
    await works('compile', '-o', 'a.bca')
    await works('sign', 'a.bca', '--key', 'release.key')
    const link = await gitLink('a.bca')
    assert.equal(link?.status, 'verified')
    assert.match(link.outcome, /^2 of 2 inputs .*; 2 fetched plugins are what its barbacane\.yaml pins;/)
    await works('verify', 'a.bca', '--key', 'release.pub', '--git', '--rebuild')
    const asked = registry.requests.length
    await rm(join(folder.path, '.cache/plugins'), { recursive: true })
    const { outcome = '' } = (await gitLink('a.bca')) ?? {}
    assert.match(
      outcome,
      /; a fetched plugin is pinned there by an image that is not in the cache, and not compared/,
    )
    assert.equal(registry.requests.length, asked)
  })

  it('are refused where the artifact holds others than barbacane.yaml pins', async () => {
    await works('compile', '-o', 'a.bca')
    const { manifest } = decodeArtifact(await readFile(join(folder.path, 'a.bca')))
    const config = await readFile(join(folder.path, 'barbacane.yaml'), 'utf8')
    for (const [name, path, reason] of [
      ['c.bca', '.barbacane/plugins/local.wasm', /local\.wasm is not what barbacane\.yaml pins/],
      ['d.bca', '.barbacane/plugins/filter.wasm', /filter\.wasm is not what barbacane\.yaml pins/],
      ['e.bca', '.barbacane/plugins/stray.wasm', /stray\.wasm is not pinned by barbacane\.yaml/],
    ] as const) {
      const forged = sampleArtifact({
        inputs: [
          { kind: 'config', path: 'barbacane.yaml', text: config },
          { kind: 'option', path: '.barbacane/options.json', text: '{"allow_plaintext":false}' },
          { kind: 'plugin', path, text: '\0asm\x01\0\0\0' },
          { kind: 'spec', path: 'specs/api.yaml', text: API },
        ],
        manifest: { provenance: manifest.provenance },
      })
      await folder.write({ [name]: forged })
      await works('sign', name, '--key', 'release.key')
      const link = await gitLink(name)
      assert.equal(link?.status, 'failed')
      assert.match(link.outcome, reason)
    }
  })

  it('are refused when the registry gives other bytes, at their place in barbacane.yaml', async () => {
    await rm(join(folder.path, '.cache/plugins'), { recursive: true, force: true })
    registry.switches.altered.set(digestOf(fetched), Buffer.from(fetched).fill(1, 9, 10))
    const { exit, stderr } = await run('compile', '-o', 'never.bca')
    registry.switches.altered.clear()
    assert.equal(exit, 4)
    assert.match(stderr, /BCN_OCI_DIGEST_MISMATCH/)
    assert.match(stderr, /barbacane\.yaml:3:18/)
    await assert.rejects(readFile(join(folder.path, 'never.bca')))
  })
})
