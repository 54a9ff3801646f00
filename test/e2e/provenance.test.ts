import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { runBarbacane } from '../support/run-barbacane.ts'
import { runToExit, spawnGateway } from '../support/spawn-gateway.ts'
import { wasmModule } from '../support/wasm.ts'

const spec = `openapi: 3.1.0
info: { title: Greetings, version: 1.0.0 }
paths:
  /greeting:
    get:
      responses: { '200': { description: A greeting } }
      x-barbacane-dispatch: { name: mock, config: { body: hello } }
`
const manifest = 'version: 1\nspecs: ./specs/\nplugins:\n  quiet: { path: ./plugins/quiet.wasm }\n'
const files: Readonly<Record<string, string | Uint8Array>> = {
  'barbacane.yaml': manifest,
  'specs/api.yaml': spec,
  'plugins/quiet.wasm': wasmModule({ exports: ['on_request'] }),
}
const changes: Readonly<Record<string, string | Uint8Array>> = {
  'barbacane.yaml': `# reviewed\n${manifest}`,
  'specs/api.yaml': spec.replace('hello', 'hullo'),
  'plugins/quiet.wasm': wasmModule({ exports: ['on_request', 'on_response'] }),
}

describe('what a node says it runs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'provenance-'))
  const cleanups: (() => unknown)[] = []
  const scope = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) }
  before(() => {
    mkdirSync(join(folder, 'specs'))
    mkdirSync(join(folder, 'plugins'))
    for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, path), content)
  })
  after(async () => {
    for (const cleanup of cleanups) await cleanup()
    rmSync(folder, { recursive: true })
  })

  it('is what inspect says of the artifact, and another hash after a change of any input', async () => {
    const original = await compileAndAsk()
    const hashes = new Set([original])
    for (const [path, content] of Object.entries(changes)) {
      writeFileSync(join(folder, path), content)
      hashes.add(await compileAndAsk())
      writeFileSync(join(folder, path), files[path] as string | Buffer)
    }
    assert.equal(hashes.size, 4)
    assert.equal(await compileAndAsk(), original)
  })

  it('can be nothing at all when one byte of any part of the file was flipped', async () => {
    await compile()
    const intact = readFileSync(join(folder, 'api.bca'))
    for (const offset of oneByteOfEveryPart(intact)) {
      const damaged = Buffer.from(intact)
      damaged.writeUInt8(damaged.readUInt8(offset) ^ 1, offset)
      writeFileSync(join(folder, 'damaged.bca'), damaged)
      const [inspected, served] = await Promise.all([
        runBarbacane(['inspect', 'damaged.bca', '--json'], { cwd: folder }),
        runToExit(scope, { artifact: damaged }),
      ])
      assert.equal(inspected.exit, 4, `inspect, byte ${offset}`)
      assert.equal(served.code, 4, `serve, byte ${offset}`)
    }
  })

  async function compile(): Promise<void> {
    const compiled = await runBarbacane(['compile', '-o', 'api.bca'], { cwd: folder })
    assert.equal(compiled.exit, 0, compiled.stderr)
  }

  async function compileAndAsk(): Promise<string> {
    await compile()
    const inspected = await runBarbacane(['inspect', 'api.bca', '--json'], { cwd: folder })
    const { result } = JSON.parse(inspected.stdout) as { result: Record<string, unknown> }
    const gateway = await spawnGateway(scope, { artifact: readFileSync(join(folder, 'api.bca')) })
    const response = await fetch(`${gateway.adminUrl}/_admin/provenance`)
    const provenance = (await response.json()) as Record<string, unknown>
    await gateway.stop()
    assert.equal(provenance['artifact_hash'], result['artifact_hash'])
    assert.equal(provenance['artifact_digest'], result['artifact_digest'])
    assert.equal(provenance['on_disk_digest'], result['artifact_digest'])
    assert.deepEqual(provenance['inputs'], result['inputs'])
    return String(provenance['artifact_hash'])
  }
})

/** An offset in the header, the content and the padding of every entry, and one in the end of the archive. */
function oneByteOfEveryPart(archive: Buffer): readonly number[] {
  const offsets = [archive.byteLength - 1]
  for (let at = 0; archive.readUInt8(at) !== 0;) {
    const sizeBytes = Number.parseInt(archive.toString('latin1', at + 124, at + 135), 8)
    const padded = Math.ceil(sizeBytes / 512) * 512
    offsets.push(at + 110, at + 512 + Math.floor(sizeBytes / 2))
    if (padded > sizeBytes) offsets.push(at + 512 + padded - 1)
    at += 512 + padded
  }
  return offsets
}
