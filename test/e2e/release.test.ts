import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { parseRelease, printRelease, type Release } from '../../src/config/index.ts'
import { digestOf } from '../../src/domain/index.ts'
import { isolatedEnv } from '../support/binary.ts'
import { gitRepository, type GitRepository } from '../support/git-repository.ts'
import { startRegistry, type Registry } from '../support/registry/index.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { sampleArtifact, sampleInputs } from '../support/sample-artifact.ts'
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts'

const FLEET = `version: 1
environments:
  staging: { verify: policies/release.yaml, breaking: allow }
  production: { verify: policies/release.yaml, breaking: allow, promote_from: [staging] }
  bare: {}
nodes:
  - { name: edge-1, environment: production, admin_url: "http://127.0.0.1:9" }
`
const artifacts = ['1', '2'].map((version) =>
  sampleArtifact({
    inputs: sampleInputs.map((input) =>
      input.kind === 'spec' ? { ...input, text: `openapi: 3.1.${version}\n` } : input,
    ),
  }),
)

// One story: each test goes on where the one before it ended.
describe('releases of images', () => {
  let scratch: TemporaryFolder
  let repository: GitRepository
  let remote: TemporaryFolder
  let registry: Registry

  const run = async (args: readonly string[], cwd = repository.path, env = {}) => {
    const { exit, stdout, stderr } = await runBarbacane(args, { cwd, env })
    return { exit, text: stdout + stderr }
  }
  const done = async (...args: readonly string[]) => {
    const { exit, text } = await run(args)
    assert.equal(exit, 0, `${args.join(' ')}: ${text}`)
    return text
  }
  const refused = async (code: string, expected: number, args: readonly string[], cwd?: string) => {
    const head = repository.git('rev-parse', 'HEAD')
    const { exit, text } = await run(args, cwd)
    assert.match(text, new RegExp(`error ${code}\\b`), args.join(' '))
    assert.equal(exit, expected, text)
    assert.equal(repository.git('rev-parse', 'HEAD'), head)
    assert.equal(repository.git('status', '--porcelain'), '')
  }
  const pinned = async (environment: string): Promise<Release> => {
    const path = `environments/${environment}/release.yaml`
    return parseRelease(path, await readFile(join(repository.path, path)))
  }
  const image = (tag: string) => `${registry.address}/apis/shop:${tag}`

  before(async () => {
    registry = await startRegistry()
    scratch = await temporaryFolder({})
    const make = async (...args: readonly string[]) => {
      const { exit, text } = await run(args, scratch.path)
      assert.equal(exit, 0, text)
    }
    await make('keygen', '-o', 'release')
    for (const [index, bytes] of artifacts.entries()) {
      const [name, tag] = [`v${index + 1}.bca`, String(index + 1)]
      await writeFile(join(scratch.path, name), bytes)
      await make('sign', name, '--key', 'release.key')
      await make('package', name, '-o', `image-${tag}`, '--tag', tag, '--bundle', `${name}.sigstore.json`)
      await make('push', `image-${tag}`, image(tag))
    }
    repository = await gitRepository({
      'fleet.yaml': FLEET,
      'policies/release.yaml': 'version: 1\nkeys: [../keys/release.pub]\n',
      'keys/release.pub': await readFile(join(scratch.path, 'release.pub'), 'utf8'),
      '.gitignore': '.config\n.cache\n',
    })
    remote = await temporaryFolder()
    repository.git('clone', '-q', '--bare', '.', remote.path)
    repository.git('remote', 'add', 'origin', remote.path)
    repository.git('fetch', '-q', 'origin')
    repository.git('branch', '-q', '--set-upstream-to', 'origin/main')
  })
  after(async () => {
    await registry[Symbol.asyncDispose]()
    await Promise.all([scratch, repository, remote].map((folder) => folder[Symbol.asyncDispose]()))
  })

  it('pin the digest that a tag stands for, and push the commit', async () => {
    const text = await done('release', image('1'), '--env', 'staging', '--push')
    assert.match(text, /Committed \w+ to main and pushed it to origin\/main\./)
    const { image: reference, identity } = await pinned('staging')
    assert.match(reference ?? '', /^127\.0\.0\.1:\d+\/apis\/shop@sha256:[0-9a-f]{64}$/)
    assert.match(identity ?? '', /^the key \.\.\/keys\/release\.pub /)
    assert.equal(repository.git('rev-parse', 'origin/main'), repository.git('rev-parse', 'HEAD'))
  })

  it('are promoted by what the registry holds, and leave outputs for a workflow', async () => {
    const outputs = join(scratch.path, 'outputs')
    const summary = join(scratch.path, 'summary')
    const env = { GITHUB_OUTPUT: outputs, GITHUB_STEP_SUMMARY: summary }
    const { exit, text } = await run(['promote', '--from', 'staging', '--to', 'production'], undefined, env)
    assert.equal(exit, 0, text)
    const [staging, production] = [await pinned('staging'), await pinned('production')]
    assert.deepEqual([production.image, production.artifactDigest], [staging.image, staging.artifactDigest])
    const commit = repository.git('rev-parse', 'HEAD')
    assert.match(
      await readFile(outputs, 'utf8'),
      new RegExp(`^environment=production\n.*^commit=${commit}\n`, 'ms'),
    )
    assert.match(await readFile(summary, 'utf8'), /^## Release to `production`/)
    await rm(outputs)
    await done('release', image('2'), '--env', 'staging')
    await done('promote', '--from', 'staging', '--to', 'production', '--push')
  })

  it('are refused where the environment says nothing, or the policy of the commit does not accept them', async () => {
    await refused('BCN_RELEASE_NO_POLICY', 2, ['release', image('1'), '--env', 'bare'])
    await done('keygen', '-o', join(scratch.path, 'stranger'))
    const key = await readFile(join(repository.path, 'keys/release.pub'), 'utf8')
    await repository.commit({
      'keys/release.pub': await readFile(join(scratch.path, 'stranger.pub'), 'utf8'),
    })
    await refused('BCN_VERIFY_KEY', 4, ['release', image('1'), '--env', 'staging'])
    repository.git('rm', '-q', 'keys/release.pub')
    await repository.commit({})
    await refused('BCN_FLEET_NOT_COMMITTED', 2, ['release', image('1'), '--env', 'staging'])
    await repository.commit({ 'keys/release.pub': key })
  })

  it('are refused where the release file was put together by hand', async () => {
    const staging = await pinned('staging')
    const digest = digestOf(artifacts[0] ?? '')
    const path = 'environments/staging/release.yaml'
    await repository.commit({ [path]: printRelease({ ...staging, artifactDigest: digest }) })
    await refused('BCN_RELEASE_OTHER_ARTIFACT', 4, ['promote', '--from', 'staging', '--to', 'production'])
    await repository.commit({ [path]: printRelease(staging) })
  })

  it('are not made on a branch that others have changed, nor guessed from a part of the history', async () => {
    await done('promote', '--from', 'staging', '--to', 'production')
    repository.git('push', '-q')
    const [there, shallow] = ['there', 'shallow'].map((name) => join(scratch.path, name))
    assert.ok(there !== undefined && shallow !== undefined)
    const git = (...args: readonly string[]) =>
      execFileSync('git', args, { env: isolatedEnv(scratch.path), encoding: 'utf8' })
    git('clone', '-q', remote.path, there)
    git('-C', there, 'commit', '-q', '--allow-empty', '-m', 'Another')
    git('-C', there, 'push', '-q')
    const { exit, text } = await run(['rollback', '--env', 'production', '--push'])
    assert.equal(exit, 7)
    assert.match(text, /error BCN_GIT_NOT_PUSHED\b/)
    repository.git('reset', '-q', '--hard', 'HEAD~1')
    repository.git('fetch', '-q')
    await refused('BCN_RELEASE_BEHIND', 2, ['rollback', '--env', 'production'])
    repository.git('merge', '-q', '--ff-only', 'origin/main')
    git('clone', '-q', '--depth', '2', `file://${remote.path}`, shallow)
    await refused('BCN_RELEASE_HISTORY_CUT', 6, ['rollback', '--env', 'production'], shallow)
  })

  it('come back without the registry where the history is trusted, and only then', async () => {
    await registry[Symbol.asyncDispose]()
    await refused('BCN_OCI_UNREACHABLE', 7, ['rollback', '--env', 'production'])
    const text = await done('rollback', '--env', 'production', '--trust-history', '--reason', 'Orders fail')
    assert.match(text, /waived +signature +it was verified when it was released/)
    const { artifactDigest, identity, reason } = await pinned('production')
    assert.equal(artifactDigest, digestOf(artifacts[0] ?? ''))
    assert.equal(reason, 'Orders fail')
    assert.match(identity ?? '', /release\.pub/)
    const history = await done('history', '--env', 'production', '--ref', 'HEAD')
    assert.match(history.split('\n')[1] ?? '', /^now .* Orders fail$/)
  })
})
