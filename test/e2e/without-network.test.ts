import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import { startRegistry, type Registry } from '../support/registry/index.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts'

const API = `openapi: 3.1.0
info: { title: Pets, version: '1' }
paths:
  /pets:
    get:
      operationId: listPets
      x-barbacane-dispatch: { name: mock, config: { body: { ok: true } } }
      responses: { '200': { description: ok } }
`
const WRAPS = [
  ['unshare', '-n'],
  ['unshare', '-rn'],
]

describe('from a description to a verified image', () => {
  let folder: TemporaryFolder
  let registry: Registry
  let wrap: readonly string[] | undefined
  before(async () => {
    folder = await temporaryFolder({ 'barbacane.yaml': 'version: 1\n', 'specs/api.yaml': API })
    registry = await startRegistry()
    for (const candidate of process.platform === 'linux' ? WRAPS : []) {
      const tried = runBarbacane(['--version'], { cwd: folder.path, wrap: candidate })
      const { exit } = await tried.catch(() => ({ exit: 1 }))
      if (exit === 0) wrap ??= candidate
    }
  })
  after(async () => {
    await registry[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  it('touches no network', async (context) => {
    if (wrap === undefined) return context.skip('no network namespace may be made here')
    const options = { cwd: folder.path, wrap }
    for (const step of [
      'lint',
      'compile -o api.bca',
      'inspect api.bca',
      'keygen -o release',
      'sbom api.bca',
      'package api.bca -o image --sbom api.bca.cdx.json',
      'sign api.bca --key release.key --sbom api.bca.cdx.json --image image',
      'package api.bca -o image.tar --sbom api.bca.cdx.json --bundle api.bca.sigstore.json',
      'prove api.bca specs/api.yaml -o proof.json',
      'verify-proof proof.json',
      'verify api.bca --key release.pub --require-sbom',
      'verify image.tar --key release.pub --require-sbom',
      'explain BCN_VERIFY_IMAGE',
    ]) {
      const { exit, stdout, stderr } = await runBarbacane(step.split(' '), options)
      assert.equal(exit, 0, `${step}: ${stdout}${stderr}`)
    }
    // The counterpart: the network is gone indeed, also that of this machine, and what needs it says so.
    const reference = `${registry.address}/apis/shop:1`
    const there = await runBarbacane(['verify', reference, '--key', 'release.pub'], { cwd: folder.path })
    assert.match(there.stderr, /BCN_OCI_NOT_FOUND/)
    const asked = registry.requests.length
    const gone = await runBarbacane(['verify', reference, '--key', 'release.pub'], options)
    assert.equal(gone.exit, 7)
    assert.match(gone.stderr, /BCN_OCI_UNREACHABLE/)
    assert.equal(registry.requests.length, asked)
  })
})
