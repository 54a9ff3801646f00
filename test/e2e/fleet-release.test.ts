import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import type { FleetResult } from '../../src/commands/frame/fleet/inspect-fleet.ts'
import { apiFiles, compileCommit, spawnNode } from '../support/fleet-scene.ts'
import { gitRepository } from '../support/git-repository.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { spawnGateway } from '../support/spawn-gateway.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const POLICY = 'policies/release.yaml'

describe('a fleet from release to rollback', () => {
  it('is out of sync after promote, in sync after a restart, and again after rollback', async (context) => {
    await using folder = await temporaryFolder()
    const keys = join(folder.path, 'release')
    const run = async (args: readonly string[], cwd: string, expected = 0) => {
      const { exit, stdout, stderr } = await runBarbacane(args, { cwd })
      assert.equal(exit, expected, `${args.join(' ')}\n${stdout}\n${stderr}`)
      return stdout
    }
    await run(['keygen', '--output', keys], folder.path)
    const publicKey = await readFile(`${keys}.pub`, 'utf8')
    await using repository = await gitRepository({
      ...apiFiles('/orders'),
      [POLICY]: 'version: 1\nkeys: [release.pub]\n',
      'policies/release.pub': publicKey,
    })
    const { path: cwd, git } = repository
    const build = async (name: string) => {
      const compiled = await compileCommit(repository, name)
      const path = join(cwd, '.git', name)
      await run(['sign', path, '--key', `${keys}.key`], folder.path)
      return { ...compiled, path }
    }
    const first = await build('first.bca')
    const spawn = (name: string) => spawnNode(context, { name, artifact: first.bytes, folder: folder.path })
    const gateways = { staging: await spawn('staging-1'), production: await spawn('production-1') }
    const nodes = Object.entries(gateways).map(
      ([environment, { adminUrl, publicKey: key }]) =>
        `  - { name: ${environment}-1, environment: ${environment}, admin_url: "${adminUrl}", public_key: ${key} }\n`,
    )
    const rules = `{ verify: ./${POLICY}, breaking: allow }`
    await repository.commit({
      'fleet.yaml': `version: 1\nenvironments:\n  staging: ${rules}\n  production: ${rules}\nnodes:\n${nodes.join('')}`,
    })
    await using remote = await temporaryFolder()
    git('clone', '-q', '--bare', '.', remote.path)
    git('remote', 'add', 'origin', remote.path)
    git('fetch', '-q', 'origin')
    git('branch', '-q', '--set-upstream-to', 'origin/main')

    let files: readonly string[] = ['--artifact', first.path]
    const release = (path: string) => run(['release', path, '--env', 'staging', '--push'], cwd)
    const promote = () => run(['promote', '--from', 'staging', '--to', 'production', '--push', ...files], cwd)
    const verify = async (exit: number, ...more: readonly string[]) => {
      const flags = ['--require-attestation', '--verify-signatures', '--json', ...files, ...more]
      const envelope = JSON.parse(await run(['verify', '--fleet', ...flags], cwd, exit)) as {
        result: FleetResult
      }
      return envelope.result
    }
    const reasons = ({ nodes: found }: FleetResult) => found.map(({ reason }) => reason)
    const restart = async (environment: 'staging' | 'production', artifact: Uint8Array) => {
      const gateway = gateways[environment]
      await gateway.stop()
      const port = new URL(gateway.adminUrl).port
      const flags = ['--node-name', `${environment}-1`, '--node-key', gateway.keyPath]
      const admin = ['--admin-bind', `127.0.0.1:${port}`]
      const next = await spawnGateway(context, { artifact, flags: [...flags, ...admin] })
      gateways[environment] = { ...gateway, ...next }
    }

    await release(first.path)
    await promote()
    const begun = await verify(0)
    assert.deepEqual(reasons(begun), ['in-sync', 'in-sync'])
    assert.deepEqual(
      begun.releases?.map(({ environment, status, chain }) => [
        environment,
        status,
        chain.find(({ name }) => name === 'git')?.status,
      ]),
      [
        ['staging', 'verified', 'verified'],
        ['production', 'verified', 'verified'],
      ],
    )

    await repository.commit(apiFiles('/basket'), 'Baskets instead of orders')
    git('push', '-q', 'origin', 'main')
    const second = await build('second.bca')
    files = [...files, '--artifact', second.path]
    await release(second.path)
    await promote()
    const promoted = await verify(5)
    assert.deepEqual(reasons(promoted), ['artifact-differs', 'artifact-differs'])
    assert.deepEqual(
      promoted.drifts.map(({ environment, standing }) => [environment, standing.kind]),
      [
        ['staging', 'behind'],
        ['production', 'behind'],
      ],
    )
    assert.deepEqual(promoted.drifts[1]?.api?.operations.removed, ['GET /basket'])
    await restart('staging', second.bytes)
    await restart('production', second.bytes)
    assert.deepEqual(reasons(await verify(0)), ['in-sync', 'in-sync'])

    await run(['rollback', '--env', 'production', '--push', ...files], cwd)
    const returned = await verify(5)
    assert.deepEqual(reasons(returned), ['in-sync', 'artifact-differs'])
    assert.equal(returned.drifts[0]?.standing.kind, 'behind')
    await restart('production', first.bytes)
    assert.deepEqual(reasons(await verify(0)), ['in-sync', 'in-sync'])
    const before = await verify(5, '--ref', 'HEAD~1', '--environment', 'production')
    assert.deepEqual(reasons(before), ['artifact-differs'])

    await run(['keygen', '--output', join(folder.path, 'other')], folder.path)
    await repository.commit({
      'policies/release.pub': await readFile(join(folder.path, 'other.pub'), 'utf8'),
    })
    git('push', '-q', 'origin', 'main')
    const distrusted = await verify(4)
    assert.deepEqual(reasons(distrusted), ['release-unverified', 'release-unverified'])
    assert.equal(distrusted.releases?.[0]?.problem?.code, 'BCN_VERIFY_KEY')
    files = []
    const missing = await verify(4, '--environment', 'staging')
    assert.equal(missing.releases?.[0]?.problem?.code, 'BCN_RELEASE_NO_ARTIFACT')
  })
})
