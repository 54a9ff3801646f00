import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { parse } from 'yaml'

import { manifest, working } from '../support/action-job.ts'
import { isolatedEnv } from '../support/binary.ts'
import { debianTools } from '../support/debian-tools.ts'
import { startFakeGithub, type FakeGithub } from '../support/fake-github.ts'
import { apiFiles, spawnNode } from '../support/fleet-scene.ts'
import { startRegistry, type Registry } from '../support/registry/index.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { runnerPath, runWorkflow, type JobRun, type WorkflowEvent } from '../support/run-workflow.ts'
import { githubClaims, startSigstore, type SigstoreServices } from '../support/sigstore-services.ts'
import { repositoryRoot } from '../support/source-tree.ts'
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts'

const WORKFLOW = join(repositoryRoot, '.github/workflows/gitops.yml')

type Jobs = Readonly<Record<string, JobRun>>

/** The jobs that ran, with how they ended. */
function resultsOf(jobs: Jobs): Readonly<Record<string, string>> {
  const ran = Object.entries(jobs).filter(([, { result }]) => result !== 'skipped')
  return Object.fromEntries(ran.map(([name, { result }]) => [name, result]))
}

const logOf = (jobs: Jobs) =>
  Object.values(jobs)
    .map(({ log }) => log)
    .join('\n')

// One story: each test goes on where the one before it ended.
describe('from a pull request to production', { skip: debianTools('gh') }, () => {
  const cleanups: (() => unknown)[] = []
  const scope = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) }
  const claims = githubClaims('')
  let scratch: TemporaryFolder
  let github: FakeGithub
  let registry: Registry
  let sigstore: SigstoreServices
  let runs = 0

  // As deep as a checkout of a job, since the lockfile names the tool by a relative path.
  const clone = () => join(scratch.path, 'local/clone/work')
  const remote = () => join(scratch.path, 'remote.git')
  const env = () => isolatedEnv(join(scratch.path, 'home'))
  /** Without the name of anybody, since the workflow says who commits. */
  const anonymous = () =>
    Object.fromEntries(Object.entries(env()).filter(([name]) => !/^GIT_(?:AUTHOR|COMMITTER)_/.test(name)))
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: clone(), env: env(), encoding: 'utf8' }).trim()

  /** Commits these files on a branch and pushes it. */
  async function push(branch: string, files: Readonly<Record<string, string>>, message: string) {
    const inClone = Object.entries(files).map(([path, text]) => [`local/clone/work/${path}`, text])
    git('checkout', '-q', '-B', branch)
    await scratch.write(Object.fromEntries(inClone) as Record<string, string>)
    git('add', '.')
    git('commit', '-q', '-m', message)
    git('push', '-q', '--set-upstream', 'origin', branch)
  }

  function merge(branch: string) {
    git('checkout', '-q', 'main')
    git('pull', '-q', '--ff-only')
    git('merge', '-q', '--no-ff', '-m', `Merge ${branch}`, branch)
    git('push', '-q')
    claims['sha'] = git('rev-parse', 'HEAD')
  }

  /** What the workflow does with an event. */
  function happens(event: WorkflowEvent, approved: readonly string[] = []): Promise<Jobs> {
    return runWorkflow({
      file: WORKFLOW,
      inputs: {
        image: `${registry.address}/acme/shop`,
        fleet: true,
        'release-to': 'staging',
        'promote-to': 'production',
        'ship-args': ['--fulcio-url', '--rekor-url', '--tsa-url']
          .flatMap((flag) => [flag, sigstore.url])
          .join('\n'),
        'verify-args': '--require-attestation',
      },
      secrets: { 'fleet-token': '' },
      event,
      remote: remote(),
      runner: join(scratch.path, `run-${(runs += 1)}`),
      approved,
      env: {
        ...anonymous(),
        ...github.env,
        GITHUB_ACTIONS: 'true',
        GITHUB_ACTOR: 'octocat',
        GITHUB_REF: `refs/heads/${event.branch}`,
        ACTIONS_ID_TOKEN_REQUEST_URL: `${sigstore.url}/token?api=1`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
        PATH: runnerPath(join(scratch.path, 'bin')),
      },
    })
  }

  /** What main pins for an environment. */
  function pinOf(environment: string): Record<string, string> | undefined {
    git('fetch', '-q')
    const path = `environments/${environment}/release.yaml`
    const listed = git('ls-tree', '--name-only', 'origin/main', path)
    return listed === '' ? undefined : (parse(git('show', `origin/main:${path}`)) as Record<string, string>)
  }

  before(async () => {
    sigstore = await startSigstore({ claims })
    registry = await startRegistry()
    github = await startFakeGithub()
    scratch = await temporaryFolder({
      'tool/package.json': manifest('0.0.1').replace('}', ', "bin": "bin/run.js" }'),
      'tool/bin/run.js': `#!/usr/bin/env node\n${working}`,
      'tool/dist/built.js': '',
      'bin/docker': '#!/bin/sh\ncat > /dev/null\n',
      'home/.keep': '',
      'local/clone/work/.gitignore': 'node_modules/\n*.bca*\n',
      'local/clone/work/package.json':
        '{ "private": true, "devDependencies": { "barbacane": "file:../../../tool" } }\n',
      'local/clone/work/policy.yaml': [
        'version: 1',
        'identities:',
        `  - { issuer: "${claims['iss']}", identity: "${claims['sub']}" }`,
        'trusted_root: ./trusted_root.json\n',
      ].join('\n'),
      'local/clone/work/trusted_root.json': JSON.stringify(sigstore.trustedRoot),
    })
    chmodSync(join(scratch.path, 'bin/docker'), 0o755)
    chmodSync(join(scratch.path, 'tool/bin/run.js'), 0o755)
    symlinkSync(process.execPath, join(scratch.path, 'bin/node'))
    for (const part of ['action', 'action.yml'])
      cpSync(join(repositoryRoot, part), join(scratch.path, 'tool', part), { recursive: true })
    mkdirSync(remote())
    execFileSync('git', ['init', '-q', '--bare', '-b', 'main', remote()], { env: env() })
    execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund'], { cwd: clone(), env: env() })
    git('init', '-q', '-b', 'main')
    git('remote', 'add', 'origin', remote())
    const environments =
      '  staging: { verify: ./policy.yaml }\n  production: { verify: ./policy.yaml, promote_from: [staging] }'
    await push(
      'main',
      { ...apiFiles('/orders'), 'fleet.yaml': `version: 1\nenvironments:\n${environments}\nnodes: []\n` },
      'Begin',
    )
  })

  after(async () => {
    for (const cleanup of cleanups.toReversed()) await cleanup()
    await sigstore.close()
    await registry[Symbol.asyncDispose]()
    await github[Symbol.asyncDispose]()
    await scratch[Symbol.asyncDispose]()
  })

  it('lints and compares a pull request, and says in comments what it means', async () => {
    await push('baskets', apiFiles('/orders', '/basket'), 'Baskets')
    const jobs = await happens({ name: 'pull_request', branch: 'baskets' })
    assert.deepEqual(resultsOf(jobs), { lint: 'success', changes: 'success', plan: 'success' }, logOf(jobs))
    const comments = github.comments.map(({ body }) => body)
    assert.equal(comments.length, 2)
    assert.match(comments[0] ?? '', /^<!-- barbacane:changes -->\n[^]*operation-added[^]*GET \/basket/)
    assert.match(comments[1] ?? '', /^<!-- barbacane:plan -->\n/)

    await push('no-orders', apiFiles(), 'No orders')
    const breaking = await happens({ name: 'pull_request', branch: 'no-orders' })
    assert.equal(resultsOf(breaking)['changes'], 'failure')
    assert.match(github.comments[0]?.body ?? '', /operation-removed/)
    assert.equal(github.comments.length, 2)
  })

  it('ships and releases what is merged, and waits before production', async () => {
    merge('baskets')
    const jobs = await happens({ name: 'push', branch: 'main' })
    assert.deepEqual(
      resultsOf(jobs),
      { ship: 'success', release: 'success', promote: 'waiting' },
      logOf(jobs),
    )
    const staged = pinOf('staging')
    assert.match(staged?.['image'] ?? '', new RegExp(`^${registry.address}/acme/shop@sha256:`))
    assert.equal(staged?.['commit'], claims['sha'])
    assert.ok(staged?.['identity']?.includes(claims['sub'] as string))
    assert.equal(git('log', '-1', '--format=%an', 'origin/main'), 'github-actions[bot]')
    assert.equal(pinOf('production'), undefined)
  })

  it('promotes the same artifact once somebody has approved', async () => {
    git('pull', '-q', '--ff-only')
    await push('main', { 'README.md': 'Shop\n' }, 'Say what this is')
    claims['sha'] = git('rev-parse', 'HEAD')
    const jobs = await happens({ name: 'push', branch: 'main' }, ['production'])
    assert.deepEqual(
      resultsOf(jobs),
      { ship: 'success', release: 'success', promote: 'success' },
      logOf(jobs),
    )
    const { released_at: _, released_by: by, ...pin } = pinOf('production') ?? {}
    const { released_at: __, released_by: ___, ...staged } = pinOf('staging') ?? {}
    assert.deepEqual(pin, staged)
    assert.match(by ?? '', /^github-actions\[bot\] </)
    assert.match(jobs['release']?.summary ?? '', /production/)
  })

  it('verifies the fleet, and keeps one issue as long as a node runs something else', async () => {
    git('pull', '-q', '--ff-only')
    const pull = async (reference: string | undefined, name: string) => {
      const path = join(scratch.path, name)
      const { exit, stderr } = await runBarbacane(['pull', reference ?? '', '-o', path], {
        cwd: scratch.path,
      })
      assert.equal(exit, 0, stderr)
      return readFileSync(path)
    }
    const released = await pull(pinOf('production')?.['image'], 'released.bca')
    const gateway = await spawnNode(scope, { name: 'edge-1', artifact: released, folder: scratch.path })
    const node = `  - { name: edge-1, environment: production, admin_url: "${gateway.adminUrl}", public_key: ${gateway.publicKey} }\n`
    await push(
      'main',
      {
        'fleet.yaml': `${readFileSync(join(clone(), 'fleet.yaml'), 'utf8').replace('nodes: []\n', 'nodes:\n')}${node}`,
      },
      'A node',
    )
    const schedule = { name: 'schedule', branch: 'main' } as const
    const good = await happens(schedule)
    assert.deepEqual(resultsOf(good), { verify: 'success' }, logOf(good))
    assert.equal(github.issues.length, 0)

    await push('main', apiFiles('/orders', '/basket', '/lists'), 'Lists')
    claims['sha'] = git('rev-parse', 'HEAD')
    const shipped = await happens({ name: 'push', branch: 'main' }, ['production'])
    assert.equal(resultsOf(shipped)['promote'], 'success', logOf(shipped))
    const behind = await happens(schedule)
    assert.deepEqual(resultsOf(behind), { verify: 'failure' })
    await happens(schedule)
    assert.deepEqual(
      github.issues.map(({ title, state }) => [title, state]),
      [['Gateways do not run what git says', 'open']],
    )
    assert.match(github.issues[0]?.body ?? '', /edge-1[^]*1 release behind[^]*GET \/lists/)

    git('pull', '-q', '--ff-only')
    const back = await runBarbacane(['rollback', '--env', 'production', '--push'], {
      cwd: clone(),
      env: env(),
    })
    assert.equal(back.exit, 0, back.stderr)
    const again = await happens(schedule)
    assert.deepEqual(resultsOf(again), { verify: 'success' }, logOf(again))
    assert.deepEqual([github.issues.length, github.issues[0]?.state], [1, 'closed'])
  })
})
