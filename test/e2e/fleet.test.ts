import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { Ajv2020 } from 'ajv/dist/2020.js'

import type { FleetResult } from '../../src/commands/frame/fleet/inspect-fleet.ts'
import {
  apiFiles,
  compileCommit,
  deadAddress,
  lyingProxy,
  pinOf,
  RELEASE,
  spawnNode,
  type FleetGateway,
} from '../support/fleet-scene.ts'
import { gitRepository, type GitRepository } from '../support/git-repository.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { repositoryRoot } from '../support/source-tree.ts'
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts'

type Compiled = Awaited<ReturnType<typeof compileCommit>>

describe('verify --fleet with five gateways', () => {
  const cleanups: (() => unknown)[] = []
  const scope = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) }
  let repository: GitRepository
  let keys: TemporaryFolder
  let remote: TemporaryFolder
  let first: Compiled
  let second: Compiled
  let behind: FleetGateway
  let firstRelease: string

  before(async () => {
    repository = await gitRepository(apiFiles('/orders'))
    keys = await temporaryFolder()
    remote = await temporaryFolder()
    first = await compileCommit(repository, 'first.bca')
    await repository.commit(apiFiles('/basket'), 'Baskets instead of orders')
    second = await compileCommit(repository, 'second.bca')
    const spawn = (name: string, { bytes }: Compiled, flags: readonly string[] = []) =>
      spawnNode(scope, { name, artifact: bytes, folder: keys.path, flags })
    behind = await spawn('behind', first)
    const [inSync, tampered, liar] = [
      await spawn('in-sync', second, ['--workers', '2']),
      await spawn('tampered', second),
      await spawn('liar', first),
    ]
    const bytes = Buffer.from(await readFile(tampered.artifactPath))
    bytes.writeUInt8(bytes.readUInt8(700) ^ 1, 700)
    await writeFile(tampered.artifactPath, bytes)
    const { manifest, digest } = second.artifact
    const lie = { artifact_hash: manifest.artifact_hash, artifact_digest: digest, on_disk_digest: digest }
    const liarUrl = await lyingProxy(scope, liar.adminUrl, (answer) => ({
      ...answer,
      ...lie,
      inputs: manifest.inputs,
    }))
    const node = (name: string, url: string, key: string) =>
      `  - { name: ${name}, environment: production, admin_url: "${url}", public_key: ${key} }\n`
    const fleet = [
      'version: 1\nenvironments: { production: { allow_unsigned: true } }\nnodes:\n',
      node('in-sync', inSync.adminUrl, inSync.publicKey),
      node('behind', behind.adminUrl, behind.publicKey),
      node('tampered', tampered.adminUrl, tampered.publicKey),
      node('liar', liarUrl, liar.publicKey),
      node('dead', await deadAddress(), simulatedKey),
    ]
    firstRelease = await repository.commit(
      { 'fleet.yaml': fleet.join(''), [RELEASE]: pinOf(first.artifact) },
      'Release orders',
    )
    await repository.commit({ [RELEASE]: pinOf(second.artifact) }, 'Release baskets')
    repository.git('clone', '-q', '--bare', '.', remote.path)
    repository.git('remote', 'add', 'origin', remote.path)
    repository.git('fetch', '-q', 'origin')
    repository.git('branch', '-q', '--set-upstream-to', 'origin/main')
  })

  after(async () => {
    for (const cleanup of cleanups) await cleanup()
    for (const folder of [repository, keys, remote]) await folder[Symbol.asyncDispose]()
  })

  const verify = (...args: readonly string[]) =>
    runBarbacane(['verify', '--fleet', '--retries', '1', '--timeout', '30', ...args], {
      cwd: repository.path,
    })
  const verifyJson = async (...args: readonly string[]) => {
    const { exit, stdout, stderr } = await verify('--json', ...args)
    assert.equal(stderr, '')
    const envelope = JSON.parse(stdout) as { result: FleetResult; exit: number }
    assert.equal(envelope.exit, exit)
    return { exit, envelope, result: envelope.result }
  }
  const shown = ({ nodes }: FleetResult) =>
    nodes.map(({ node, verdict, reason, attested }) => [node, verdict, reason, attested].join(' '))

  it('gives each its verdict and its reason', async () => {
    const { exit, envelope, result } = await verifyJson()
    assert.deepEqual(shown(result), [
      'in-sync InSync in-sync true',
      'behind ConfigurationDrift artifact-differs true',
      'tampered TamperedOnDisk file-changed true',
      'liar NotVerified statement-mismatch false',
      'dead Unreachable connection-failed false',
    ])
    assert.equal(exit, 4)
    assert.equal(result.ref, 'origin/main')
    const ajv = new Ajv2020({ allErrors: true, strict: false })
    for (const name of ['envelope', 'verify', 'diff']) {
      ajv.addSchema(
        JSON.parse(await readFile(join(repositoryRoot, `schemas/output/${name}.json`), 'utf8')) as object,
      )
    }
    const validate = ajv.getSchema('https://barbacane.dev/schemas/output/verify.json')
    assert.ok(validate?.(envelope.result), JSON.stringify(validate?.errors))
  })

  it('explains what the drifted node differs in, who changed it and since when', async () => {
    const { result } = await verifyJson('--node', 'behind')
    const [drift, ...others] = result.drifts
    assert.ok(drift)
    assert.deepEqual(others, [])
    assert.ok(drift.standing.kind === 'behind')
    assert.equal(drift.standing.releases, 1)
    assert.equal(drift.standing.release.commit, firstRelease)
    assert.equal(drift.standing.superseded_by.subject, 'Release baskets')
    assert.equal(drift.standing.superseded_by.commit, repository.git('rev-parse', 'HEAD'))
    assert.match(drift.standing.superseded_by.author, /<.+@.+>/)
    assert.deepEqual(
      drift.inputs?.map(({ path }) => path),
      ['specs/shop.yaml'],
    )
    assert.deepEqual(drift.api?.operations, {
      added: ['GET /orders'],
      changed: [],
      removed: ['GET /basket'],
    })
    assert.deepEqual(drift.notes, [])
  })

  it('tells people, workflows and test reports', async () => {
    const text = await verify('--node', 'behind', '--node', 'in-sync')
    assert.equal(text.exit, 5)
    assert.match(text.stdout, /^behind +production +drifted +artifact-differs/m)
    assert.match(text.stdout, /1 release behind: it runs “Release orders” \([0-9a-f]{12} by .+ at 20/)
    assert.match(text.stdout, /breaking {2}operation-removed {2}GET \/basket/)
    assert.match(
      text.stdout,
      /not in sync 2 nodes compared with origin\/main \([0-9a-f]{12}\) in .*: 1 in sync, 1 drifted,/,
    )
    const summary = join(keys.path, 'summary.md')
    const output = join(keys.path, 'output')
    const { exit } = await runBarbacane(
      ['verify', '--fleet', '--node', 'dead', '--retries', '0', '--format', 'junit', '-o', 'junit.xml'],
      {
        cwd: repository.path,
        env: { GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output },
      },
    )
    assert.equal(exit, 6)
    const junit = await readFile(join(repository.path, 'junit.xml'), 'utf8')
    assert.match(junit, /tests="1" failures="0" errors="1"/)
    assert.match(await readFile(summary, 'utf8'), /\| dead \| production \| \*\*unreachable\*\* \|/)
    assert.match(await readFile(output, 'utf8'), /^in-sync=0\n(?:.*\n)*unreachable=1$/m)
  })

  it('reads what was desired from the commit that is named', async () => {
    const { exit, result } = await verifyJson('--ref', firstRelease, '--node', 'behind', '--node', 'in-sync')
    assert.deepEqual(shown(result), [
      'in-sync ConfigurationDrift artifact-differs true',
      'behind InSync in-sync true',
    ])
    assert.equal(exit, 5)
    const standing = result.drifts[0]?.standing
    assert.ok(standing?.kind === 'ahead')
    assert.deepEqual([standing.releases, standing.release.subject], [1, 'Release baskets'])
    const unpushed = await verifyJson('--ref', 'HEAD', '--node', 'in-sync', '--no-explain')
    assert.equal(unpushed.exit, 0)
  })

  it('sees a node that was given its file but not restarted, then restarted', async (context) => {
    await writeFile(behind.artifactPath, second.bytes)
    const pending = await verifyJson('--node', 'behind')
    assert.deepEqual(shown(pending.result), ['behind ConfigurationDrift restart-pending true'])
    await behind.stop()
    const flags = ['--node-name', 'behind', '--node-key', behind.keyPath]
    const [, port] = behind.adminUrl.split(/:(?=\d+$)/)
    const { spawnGateway } = await import('../support/spawn-gateway.ts')
    await spawnGateway(context, {
      artifact: second.bytes,
      flags: [...flags, '--admin-bind', `127.0.0.1:${port}`],
    })
    const restarted = await verifyJson('--node', 'behind', '--require-attestation')
    assert.deepEqual(shown(restarted.result), ['behind InSync in-sync true'])
    assert.equal(restarted.exit, 0)
  })
})

/** Of nobody who runs. */
const simulatedKey = 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE='
