import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { Ajv2020 } from 'ajv/dist/2020.js'

import { decodeArtifact } from '../../src/artifact/index.ts'
import { printRelease } from '../../src/config/index.ts'
import { linkSdk } from '../support/assemblyscript.ts'
import { readCommands } from '../support/command-line.ts'
import { gitRepository } from '../support/git-repository.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { sampleArtifact } from '../support/sample-artifact.ts'
import { sampleRelease } from '../support/sample-release.ts'
import { repositoryRoot } from '../support/source-tree.ts'

const folder = join(repositoryRoot, 'schemas/output')
const BASE = 'https://barbacane.dev/schemas/output'

const PROMOTION = ['--from', 'staging', '--to', 'production', '--artifact', 'sample.bca']

const NODE = ['--env', 'production', '--admin-url', 'https://edge-1:8081']

/** A call of each command that does its work; null where that takes a registry, which test/e2e has. */
const calls: Readonly<Record<string, readonly string[] | null>> = {
  bundle: ['project/specs/api.yaml', '--output', 'bundle.yaml'],
  compile: ['--manifest', 'project/barbacane.yaml', '--output', 'compiled.bca'],
  diff: ['sample.bca', 'project'],
  explain: ['config'],
  fmt: ['project/barbacane.yaml'],
  history: ['--fleet', 'fleet/fleet.yaml', '--env', 'staging', '--signatures'],
  init: ['new-project'],
  inspect: ['sample.bca'],
  keygen: ['--output', 'another'],
  lint: ['project/barbacane.yaml'],
  lock: ['--manifest', 'project/barbacane.yaml'],
  'node:add': ['edge-1', ...NODE, '--fleet', 'fleet-nodes/fleet.yaml'],
  'node:keygen': ['edge-1'],
  'node:list': ['--fleet', 'fleet/fleet.yaml'],
  'node:revoke': ['edge-0', '--fleet', 'fleet-revoke/fleet.yaml'],
  package: ['sample.bca', '--output', 'image', '--dry-run'],
  plan: [...PROMOTION, '--fleet', 'fleet/fleet.yaml'],
  'plugin:build': ['maintenance'],
  'plugin:docs': ['jwt-auth'],
  'plugin:inspect': ['maintenance/maintenance.wasm'],
  'plugin:new': ['another-plugin', '--lang', 'c'],
  'plugin:test': ['maintenance'],
  promote: [...PROMOTION, '--fleet', 'fleet-promote/fleet.yaml'],
  prove: ['sample.bca', 'specs/pets.yaml'],
  pull: null,
  push: null,
  release: ['sample.bca', '--env', 'production', '--fleet', 'fleet-release/fleet.yaml'],
  rollback: ['--env', 'staging', '--trust-history', '--fleet', 'fleet-rollback/fleet.yaml'],
  sbom: ['sample.bca', '--output', 'sample.cdx.json'],
  ship: ['--manifest', 'project/barbacane.yaml', '--output', 'shipped.bca', '--key', 'release.key'],
  sign: ['sample.bca', '--key', 'release.key', '--output', 'another.json'],
  verify: ['sample.bca', '--key', 'release.pub'],
  'verify-proof': ['proof.json'],
}

/** What must have been done before. */
const preparations = [
  ['keygen', '--output', 'release'],
  ['sign', 'sample.bca', '--key', 'release.key'],
  ['prove', 'sample.bca', 'specs/pets.yaml', '--output', 'proof.json'],
  ['plugin', 'new', 'maintenance'],
  ['plugin', 'build', 'maintenance'],
]

let scratch: string
const commands = (await readCommands()).filter(({ flags }) => flags['json'] !== undefined).map(({ id }) => id)
const ajv = new Ajv2020({ allErrors: true, strict: false })

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'barbacane-json-'))
  await writeFile(join(scratch, 'sample.bca'), sampleArtifact())
  await cp(join(repositoryRoot, 'templates/minimal'), join(scratch, 'project'), { recursive: true })
  await prepareFleets()
  await linkSdk(join(scratch, 'maintenance'))
  for (const name of await readdir(folder)) {
    ajv.addSchema(JSON.parse(await readFile(join(folder, name), 'utf8')))
  }
  for (const args of preparations) {
    const { exit, stderr } = await runBarbacane(args, { cwd: scratch })
    assert.equal(exit, 0, stderr)
  }
})

/** A repository for each command that writes in one, in which staging has had two releases. */
async function prepareFleets(): Promise<void> {
  const environments = '{ staging: { allow_unsigned: true }, production: { allow_unsigned: true } }'
  const node = '{ name: edge-0, environment: staging, admin_url: "https://edge-0:8081" }'
  const path = 'environments/staging/release.yaml'
  await using repository = await gitRepository({
    'fleet.yaml': `version: 1\nenvironments: ${environments}\nnodes:\n  - ${node}\n`,
    [path]: printRelease(sampleRelease('a')),
  })
  const { manifest, digest } = decodeArtifact(sampleArtifact())
  const digests = { artifactHash: manifest.artifact_hash, artifactDigest: digest }
  await repository.commit({ [path]: printRelease(sampleRelease('b', digests)) })
  for (const name of ['', '-promote', '-release', '-rollback', '-nodes', '-revoke'])
    await cp(repository.path, join(scratch, `fleet${name}`), { recursive: true })
}

after(() => rm(scratch, { recursive: true, force: true }))

/** Runs a command with --json; its stdout must be one document that fits the envelope's schema. */
async function runJson(command: string, args: readonly string[]) {
  const run = await runBarbacane([...command.split(':'), ...args, '--json'], { cwd: scratch })
  const envelope = JSON.parse(run.stdout) as {
    readonly exit: number
    readonly result?: unknown
    readonly problem?: { readonly code: string; readonly exit: number }
  }
  expectFit('envelope', envelope)
  assert.equal(envelope.exit, run.exit)
  return { ...run, envelope }
}

function expectFit(name: string, value: unknown): void {
  assert.ok(ajv.validate(`${BASE}/${name}.json`, value), ajv.errorsText())
}

describe('--json', { concurrency: 2 }, () => {
  it('has a schema for the result of every command, and no other', async () => {
    const schemas = (await readdir(folder)).filter((name) => name !== 'envelope.json')
    assert.deepEqual(schemas.toSorted(), commands.map((id) => `${id.replaceAll(':', '-')}.json`).toSorted())
    assert.deepEqual(Object.keys(calls).toSorted(), commands.toSorted())
  })

  for (const command of commands) {
    it(`prints one document when ${command} refuses its arguments`, async () => {
      const { envelope, stderr } = await runJson(command, ['--no-such-flag'])
      assert.equal(envelope.problem?.code, 'BCN_CLI_USAGE')
      assert.equal(envelope.exit, 2)
      assert.equal(stderr, '')
    })

    const call = calls[command]
    if (call === null || call === undefined) continue
    it(`prints one document when ${command} does its work`, async () => {
      const { envelope, exit } = await runJson(command, call)
      assert.equal(exit, 0, JSON.stringify(envelope))
      expectFit(command.replaceAll(':', '-'), envelope.result)
    })
  }

  it('prints the result and the refusal where both are there', async () => {
    await mkdir(join(scratch, 'bad'))
    await writeFile(join(scratch, 'bad/api.yaml'), 'openapi: 3.1.0\ninfo: { title: Bad }\n')
    const { envelope, exit } = await runJson('lint', ['bad/api.yaml'])
    assert.equal(exit, 3)
    expectFit('lint', envelope.result)
  })

  it('prints a problem with its findings', async () => {
    await mkdir(join(scratch, 'unknown'))
    await writeFile(join(scratch, 'unknown/barbacane.yaml'), 'version: 2\n')
    const { envelope } = await runJson('lint', ['unknown/barbacane.yaml'])
    assert.equal(envelope.problem?.code, 'BCN_CONFIG_INVALID')
  })

  it('prints one document for what is no command', async () => {
    const { envelope, stderr } = await runJson('lnt', [])
    assert.equal(envelope.problem?.code, 'BCN_CLI_UNKNOWN_COMMAND')
    assert.equal(stderr, '')
  })

  it('is not mistaken for an argument behind --', async () => {
    const run = await runBarbacane(['explain', '--', '--json'], { cwd: scratch })
    assert.equal(run.exit, 2)
    assert.equal(run.stdout, '')
    assert.match(run.stderr, /BCN_EXPLAIN_UNKNOWN/)
  })
})
