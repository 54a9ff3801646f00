import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'

import { Ajv2020 } from 'ajv/dist/2020.js'

import { digestOf } from '../../src/domain/index.ts'
import { startRegistry, type Registry } from '../support/registry/index.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { sampleArtifact, sampleInputs } from '../support/sample-artifact.ts'
import { repositoryRoot } from '../support/source-tree.ts'
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts'

interface Report {
  readonly exit: number
  readonly result: {
    readonly verified: boolean
    readonly image_digest: string | null
    readonly problem?: { readonly code: string }
    readonly target: { readonly kind: string }
    readonly chain: readonly { readonly name: string; readonly status: string; readonly outcome: string }[]
  }
}

interface ManifestJson {
  readonly layers: readonly { readonly digest: string; readonly size: number }[]
  readonly subject?: { readonly digest: string; readonly size: number; readonly mediaType: string }
}

const other = sampleArtifact({
  inputs: sampleInputs.map((input) =>
    input.kind === 'spec' ? { ...input, text: 'openapi: 3.1.1\n' } : input,
  ),
})
const KEY = ['--key', 'release.pub']
const ATTACHED = ['--bundle', 'api.bca.sigstore.json', '--sbom', 'api.bca.cdx.json']

describe('an image whose artifact is signed', () => {
  let folder: TemporaryFolder
  let registry: Registry
  let reference: string
  let image: string

  const run = async (...args: readonly string[]): Promise<string> => {
    const { exit, stdout, stderr } = await runBarbacane(args, { cwd: folder.path })
    assert.equal(exit, 0, `${args.join(' ')}: ${stdout}${stderr}`)
    return stdout.trim()
  }
  const verify = async (...args: readonly string[]): Promise<Report['result']> => {
    const ran = await runBarbacane(['verify', ...args, '--json'], { cwd: folder.path })
    const { result, exit } = JSON.parse(ran.stdout) as Report
    assert.equal(ran.exit, exit)
    assert.equal(exit, result.verified ? 0 : 4, ran.stdout)
    return result
  }
  const codeOf = async (...args: readonly string[]) => (await verify(...args, ...KEY)).problem?.code
  const subjectOf = ({ chain }: Report['result']) => chain.find(({ name }) => name === 'subject')?.outcome

  before(async () => {
    folder = await temporaryFolder({ 'api.bca': sampleArtifact(), 'other.bca': other })
    await run('keygen', '-o', 'release', '--type', 'ed25519')
    await run('keygen', '-o', 'stranger', '--type', 'ed25519')
    await run('sbom', 'api.bca')
    await run('sign', 'api.bca', '--key', 'release.key', '--sbom', 'api.bca.cdx.json')
    await run('sign', 'other.bca', '--key', 'release.key')
    await run('sign', 'api.bca', '--key', 'stranger.key', '-o', 'stranger.json')
  })
  beforeEach(async () => {
    registry = await startRegistry()
    await run('package', 'api.bca', '-o', 'image', '--tag', '1.4', ...ATTACHED)
    reference = await run('push', 'image', `${registry.address}/apis/shop:1.4`)
    image = reference.split('@')[1] as string
  })
  afterEach(() => registry[Symbol.asyncDispose]())
  after(() => folder[Symbol.asyncDispose]())

  const manifestOf = (digest: string): ManifestJson =>
    JSON.parse(String(registry.repository('apis/shop').manifests.get(digest)?.bytes)) as ManifestJson
  /** Everything in the registry that is attached to the image. */
  const referrers = (): readonly string[] =>
    [...registry.repository('apis/shop').manifests.keys()].filter((name) => manifestOf(name).subject)

  it('is verified as a folder, a tar file, by tag and by digest, with its SBOM', async () => {
    await run('package', 'api.bca', '-o', 'image.tar', '--tag', '1.4', ...ATTACHED)
    const read = async (name: string): Promise<object> =>
      JSON.parse(await readFile(join(repositoryRoot, `schemas/output/${name}.json`), 'utf8'))
    const schema = await read('verify')
    const pushed = registry.requests.length
    const ajv = new Ajv2020({ strict: false, schemas: [await read('envelope'), await read('diff')] })
    for (const [kind, target] of [
      ['layout', 'image'],
      ['layout', 'oci:image:1.4'],
      ['layout', `oci:image@${image}`],
      ['layout', 'image.tar'],
      ['registry', reference],
      ['registry', `oci://${reference}`],
      ['registry', `${registry.address}/apis/shop:1.4`],
    ] as const) {
      const result = await verify(target, ...KEY, '--require-sbom')
      assert.equal(ajv.validate(schema, result), true, ajv.errorsText())
      assert.equal(result.problem, undefined)
      assert.equal(result.target.kind, kind)
      assert.equal(result.image_digest, image)
      assert.equal(
        subjectOf(result),
        `is this artifact; the image ${image} holds it and is not signed itself`,
      )
    }
    const shown = await runBarbacane(['verify', reference, ...KEY], { cwd: folder.path })
    assert.match(shown.stdout, /^verified 127\.0\.0\.1/m)
    assert.ok(registry.requests.slice(pushed).every(({ method }) => method === 'GET' || method === 'HEAD'))
  })

  it('is verified as long as one of its bundles holds', async () => {
    const attached = ['--bundle', 'stranger.json', ...ATTACHED]
    await run('package', 'api.bca', '-o', 'two', ...attached)
    assert.equal(await codeOf('two'), undefined)
    assert.equal(await codeOf(await run('push', 'two', `${registry.address}/apis/two:1`)), undefined)
    await run('package', 'api.bca', '-o', 'one', '--bundle', 'stranger.json')
    assert.equal(await codeOf('one'), 'BCN_VERIFY_KEY')
    assert.equal(await codeOf('one', '--bundle', 'api.bca.sigstore.json'), undefined)
    assert.equal(await codeOf('one', '--require-sbom'), 'BCN_VERIFY_KEY')
  })

  it('can be signed itself, and the signature then is of this image only', async () => {
    const sign = ['sign', 'api.bca', '--key', 'release.key', '--image', 'image', '-o', 'image.json', '--json']
    const { result } = JSON.parse(await run(...sign)) as { result: { image_digest: string } }
    assert.equal(result.image_digest, image)
    const covers = (report: Report['result']) =>
      assert.equal(subjectOf(report), `is this artifact and the image ${image}`)
    await run('package', 'api.bca', '-o', 'bare', '--sbom', 'api.bca.cdx.json')
    const name = `${registry.address}/apis/signed:1`
    covers(await verify(await run('push', 'bare', name, '--bundle', 'image.json'), ...KEY))
    await run('package', 'api.bca', '-o', 'bare', '--sbom', 'api.bca.cdx.json', '--bundle', 'image.json')
    covers(await verify('bare', ...KEY))
    const alone = await verify('api.bca', '--bundle', 'image.json', ...KEY)
    assert.match(subjectOf(alone) ?? '', /which is not looked at here$/)
    // Another image of the same artifact.
    await run('package', 'api.bca', '-o', 'again', '--image-version', '9', '--bundle', 'image.json')
    assert.equal(await codeOf('again'), 'BCN_VERIFY_IMAGE')
    const wrong = ['sign', 'other.bca', '--key', 'release.key', '--image', 'image']
    const refused = await runBarbacane(wrong, { cwd: folder.path })
    assert.equal(refused.exit, 2)
    assert.match(refused.stderr, /BCN_ATTEST_IMAGE/)
  })

  it('is refused when its signature was taken away', async () => {
    for (const name of referrers()) registry.repository('apis/shop').manifests.delete(name)
    assert.equal(await codeOf(reference), 'BCN_VERIFY_SIGNATURE_MISSING')
    await run('package', 'api.bca', '-o', 'bare')
    assert.equal(await codeOf('bare'), 'BCN_VERIFY_SIGNATURE_MISSING')
  })

  it('is refused with the signature of another artifact stapled to it', async () => {
    const { blobs, manifests } = registry.repository('apis/shop')
    const own = await readFile(join(folder.path, 'api.bca.sigstore.json'))
    const foreign = await readFile(join(folder.path, 'other.bca.sigstore.json'))
    blobs.set(digestOf(foreign), foreign)
    for (const name of referrers()) {
      const { bytes, mediaType } = manifests.get(name) as { bytes: Buffer; mediaType: string }
      if (manifestOf(name).layers[0]?.digest !== digestOf(own)) continue
      const stapled = Buffer.from(
        bytes
          .toString()
          .replace(digestOf(own), digestOf(foreign))
          .replace(`"size":${own.byteLength}`, `"size":${foreign.byteLength}`),
      )
      manifests.delete(name)
      manifests.set(digestOf(stapled), { bytes: stapled, mediaType })
    }
    assert.equal(await codeOf(reference), 'BCN_VERIFY_WRONG_SUBJECT')
  })

  it('is refused with another SBOM in the place of its own', async () => {
    await run('sbom', 'api.bca', '--spec-version', '1.7', '-o', 'second.cdx.json')
    const bundle = ['--bundle', 'api.bca.sigstore.json']
    await run('package', 'api.bca', '-o', 'sbom', ...bundle, '--sbom', 'second.cdx.json')
    assert.equal(await codeOf('sbom'), 'BCN_VERIFY_SBOM')
    assert.equal(await codeOf('image', '--sbom', 'second.cdx.json'), 'BCN_VERIFY_SBOM')
    await run('package', 'api.bca', '-o', 'none', ...bundle)
    assert.equal(await codeOf('none'), undefined)
    assert.equal(await codeOf('none', '--require-sbom'), 'BCN_VERIFY_SBOM_MISSING')
  })

  it('is refused when a byte of its layer is another, and the report says that it was the artifact', async () => {
    const layer = manifestOf(image).layers.at(-1)?.digest as string
    const altered = Buffer.from(registry.repository('apis/shop').blobs.get(layer) as Buffer)
    altered.writeUInt8(altered.readUInt8(700) ^ 1, 700)
    registry.switches.altered.set(layer, altered)
    await writeFile(join(folder.path, 'image/blobs', layer.replace(':', '/')), altered)
    for (const target of [reference, 'image']) {
      const { chain, problem, image_digest: digest } = await verify(target, ...KEY)
      assert.equal(problem?.code, 'BCN_OCI_DIGEST_MISMATCH')
      assert.equal(digest, null)
      assert.deepEqual(
        chain.map(({ status }) => status),
        ['failed', ...Array.from({ length: 9 }, () => 'unreached')],
      )
    }
  })

  it('is not asked of a registry when a file is misspelt, and says what is wrong with a name', async () => {
    for (const [target, exit, code] of [
      ['absent.bca', 2, 'BCN_ARTIFACT_UNREADABLE'],
      ['registry.example/apis/shop.bca', 2, 'BCN_ARTIFACT_UNREADABLE'],
      ['dist/absent', 2, 'BCN_ARTIFACT_UNREADABLE'],
      ['./absent/shop', 2, 'BCN_ARTIFACT_UNREADABLE'],
      ['absent.tar', 2, 'BCN_OCI_LAYOUT_UNREADABLE'],
      ['oci:image:2', 2, 'BCN_OCI_IMAGE_UNKNOWN'],
      ['oci://Registry/APIS', 2, 'BCN_OCI_REFERENCE'],
      [`${registry.address}/apis/absent:1`, 7, 'BCN_OCI_NOT_FOUND'],
    ] as const) {
      const ran = await runBarbacane(['verify', target, ...KEY], { cwd: folder.path })
      assert.equal(ran.exit, exit, ran.stderr)
      assert.match(ran.stderr, new RegExp(code), target)
      assert.equal(ran.stdout, '')
    }
  })
})
