import assert from 'node:assert/strict'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'

import { decodeArtifact } from '../../src/artifact/index.ts'
import { startRegistry } from '../support/registry/index.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { sampleArtifact } from '../support/sample-artifact.ts'
import { runToExit, spawnGateway } from '../support/spawn-gateway.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const artifact = sampleArtifact()
const { manifest } = decodeArtifact(artifact)

describe('serve from a registry', () => {
  it('fetches what the digest pins, starts without the registry, and believes no cache', async (context: TestContext) => {
    await using folder = await temporaryFolder({ 'api.bca': artifact })
    const registry = await startRegistry()
    const pushed = await runBarbacane(['push', 'api.bca', `${registry.address}/apis/shop:1`], {
      cwd: folder.path,
    })
    const reference = `oci://${pushed.stdout.trim()}`
    const cache = join(folder.path, 'cache')
    const options = {
      artifact,
      flags: ['--artifact', reference],
      env: { BARBACANE_CACHE_DIR: cache, HOME: folder.path },
      throughCli: true,
    }
    const check = async (): Promise<void> => {
      const gateway = await spawnGateway(context, options)
      const provenance = (await (await fetch(`${gateway.adminUrl}/_admin/provenance`)).json()) as Record<
        string,
        unknown
      >
      assert.equal(provenance['artifact_hash'], manifest.artifact_hash)
      assert.equal(provenance['on_disk_digest'], provenance['artifact_digest'])
      assert.equal(await gateway.stop(), 0)
    }
    await check()
    await registry[Symbol.asyncDispose]()
    await check()
    const [image = ''] = await readdir(join(cache, 'images'))
    await writeFile(join(cache, 'images', image, 'api.bca'), sampleArtifact({ inputs: [] }))
    const refused = await runToExit(context, options)
    assert.equal(refused.code, 7)
    assert.match(refused.stderr, /BCN_OCI_UNREACHABLE/)
  })

  it('asks for a digest', async (context: TestContext) => {
    const flags = ['--artifact', 'oci://registry.example/apis/shop:1']
    const { code, stderr } = await runToExit(context, { artifact, flags, throughCli: true })
    assert.equal(code, 2)
    assert.match(stderr, /BCN_OCI_REFERENCE_UNPINNED/)
  })

  it('takes the signature from the registry too', async (context: TestContext) => {
    await using folder = await temporaryFolder({ 'api.bca': artifact })
    await using registry = await startRegistry({ referrersApi: false })
    const run = async (...args: readonly string[]): Promise<string> => {
      const { exit, stdout, stderr } = await runBarbacane(args, { cwd: folder.path })
      assert.equal(exit, 0, stderr)
      return stdout.trim()
    }
    await run('keygen', '-o', 'release', '--type', 'ed25519')
    await run('keygen', '-o', 'other', '--type', 'ed25519')
    await run('sbom', 'api.bca')
    await run('sign', 'api.bca', '--key', 'release.key', '--sbom', 'api.bca.cdx.json')
    const name = `${registry.address}/apis/shop:1`
    const unsigned = await run('push', 'api.bca', name)
    const policy = (key: string, reference: string) => ({
      artifact,
      flags: [
        '--artifact',
        `oci://${reference}`,
        '--require-signature',
        '--key',
        join(folder.path, `${key}.pub`),
      ],
      env: { BARBACANE_CACHE_DIR: join(folder.path, 'cache'), HOME: folder.path },
      throughCli: true,
    })
    assert.equal((await runToExit(context, policy('release', unsigned))).code, 4)
    const attached = ['--bundle', 'api.bca.sigstore.json', '--sbom', 'api.bca.cdx.json']
    await run('package', 'api.bca', '-o', 'image', ...attached)
    const signed = await run('push', 'image', name)
    const gateway = await spawnGateway(context, policy('release', signed))
    const provenance = (await (await fetch(`${gateway.adminUrl}/_admin/provenance`)).json()) as {
      readonly signature: { readonly status: string }
    }
    assert.equal(provenance.signature.status, 'verified')
    assert.equal(await gateway.stop(), 0)
    const wrong = await runToExit(context, policy('other', signed))
    assert.equal(wrong.code, 4)
    assert.match(wrong.stderr, /BCN_VERIFY_/)

    await run('pull', signed, '-o', 'pulled.bca')
    await run('verify', 'pulled.bca', '--key', 'release.pub', '--require-sbom')
    await rm(join(folder.path, 'pulled.bca.sigstore.json'))
    assert.equal(
      (await runBarbacane(['verify', 'pulled.bca', '--key', 'release.pub'], { cwd: folder.path })).exit,
      4,
    )

    // One of several bundles holds; one for another image of the same artifact does not, also from the cache.
    await run('sign', 'api.bca', '--key', 'release.key', '--image', 'image', '-o', 'image.json')
    await run('sign', 'api.bca', '--key', 'other.key', '-o', 'other.json')
    const both = ['--bundle', 'other.json', '--bundle', 'image.json']
    await run('package', 'api.bca', '-o', 'image', '--sbom', 'api.bca.cdx.json', ...both)
    const covered = await spawnGateway(context, policy('release', await run('push', 'image', `${name}1`)))
    assert.equal(await covered.stop(), 0)
    await run('package', 'api.bca', '-o', 'again', '--image-version', '2', ...both)
    const again = await run('push', 'again', `${name}2`)
    for (const _ of ['registry', 'cache']) {
      const refused = await runToExit(context, policy('release', again))
      assert.equal(refused.code, 4)
      assert.match(refused.stderr, /BCN_VERIFY_IMAGE/)
    }

    // What is attached later counts although the cache has other bundles; without the registry it cannot be known.
    await run('sign', 'api.bca', '--key', 'release.key', '--image', 'again', '-o', 'again.json')
    await run('push', 'again', `${name}2`, '--bundle', 'again.json')
    const later = await spawnGateway(context, policy('release', again))
    assert.equal(await later.stop(), 0)
    const { faults } = registry.switches
    registry.switches.faults = [{ when: () => true, status: 403, times: 1000 }]
    const alone = await runToExit(context, policy('other', signed))
    registry.switches.faults = faults
    assert.equal(alone.code, 4)
    assert.match(alone.stderr, /BCN_VERIFY_KEY/)

    // Whichever of its bundles comes first: one of them holds.
    await run('pull', signed, '-o', 'several.bca')
    await run('verify', 'several.bca', '--key', 'release.pub')
    await run('verify', 'several.bca', '--key', 'other.pub')
  })
})
