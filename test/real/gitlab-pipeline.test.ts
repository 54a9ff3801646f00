import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'

import { barbacane, isolatedEnv } from '../support/binary.ts'
import { debianTools } from '../support/debian-tools.ts'
import { startRegistry } from '../support/registry/index.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { repositoryRoot } from '../support/source-tree.ts'
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts'

const exec = promisify(execFile)
const runner = join(repositoryRoot, 'test/judges/node_modules/gitlab-ci-local/dist/index.js')
const pipeline = readFileSync(join(repositoryRoot, 'templates/ci/gitlab/gitlab-ci.yml'), 'utf8')

const spec = (parameter: string) => `openapi: 3.1.0
info: { title: t, version: '1' }
paths:
  /a:
    get:
      parameters: [${parameter}]
      x-barbacane-dispatch: { name: mock }
      responses: { '200': { description: d } }
`

const fleet = `version: 1
environments:
  staging: { allow_unsigned: true }
  production: { allow_unsigned: true, promote_from: [staging] }
nodes: []
`

interface Repository extends TemporaryFolder {
  readonly git: (...args: readonly string[]) => Promise<string>
  /** Runs these jobs in shells on this machine, as in a pipeline with these variables. */
  readonly pipeline: (
    jobs: readonly string[],
    variables?: Readonly<Record<string, string>>,
  ) => Promise<{ readonly exit: number; readonly output: string }>
}

/** A project in a repository with the pipeline, which installs the barbacane of this work tree from a folder. */
async function repository(text = pipeline): Promise<Repository> {
  const [program, script] = barbacane()
  const folder = await temporaryFolder({
    'tool/package.json': JSON.stringify({
      name: 'barbacane',
      version: '0.0.1',
      bin: { barbacane: 'run.sh' },
    }),
    'tool/run.sh': `#!/bin/sh\nexec '${program}' '${script}' "$@"\n`,
    'work/.gitlab-ci.yml': text,
    'work/.gitignore': 'node_modules/\n.gitlab-ci-local/\n',
    'work/package.json': JSON.stringify({ devDependencies: { barbacane: 'file:../tool' } }),
    'work/barbacane.yaml': 'version: 1\n',
    'work/specs/a.yaml': spec(''),
  })
  chmodSync(join(folder.path, 'tool/run.sh'), 0o755)
  const cwd = join(folder.path, 'work')
  const env = isolatedEnv(folder.path)
  const git = async (...args: readonly string[]) => (await exec('git', args, { cwd, env })).stdout.trim()
  await exec('npm', ['install', '--offline', '--no-audit', '--no-fund'], { cwd, env })
  await git('init', '-q', '-b', 'main')
  await git('remote', 'add', 'origin', 'https://gitlab.example/acme/shop.git')
  await git('add', '.')
  await git('commit', '-q', '-m', 'first')
  const run: Repository['pipeline'] = async (jobs, variables = {}) => {
    const set = Object.entries(variables).flatMap(([name, value]) => ['--variable', `${name}=${value}`])
    const names = ['--ignore-predefined-vars', Object.keys(variables).join(',')]
    const args = [runner, ...jobs, '--force-shell-executor', ...set, ...names]
    try {
      const { stdout, stderr } = await exec(process.execPath, args, { cwd, env })
      return { exit: 0, output: stdout + stderr }
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
      return { exit: code, output: stdout + stderr }
    }
  }
  return { ...folder, git, pipeline: run }
}

describe('the pipeline for GitLab', () => {
  it("fits GitLab's schema, with the jobs that belong to each event", async () => {
    await using repo = await repository()
    const list = async (variables: Readonly<Record<string, string>>) => {
      const { exit, output } = await repo.pipeline(['--list-csv'], variables)
      assert.equal(exit, 0, output)
      return output.split('\n').flatMap((line) => /^(\w+);/.exec(line)?.[1] ?? [])
    }
    const mergeRequest = { CI_PIPELINE_SOURCE: 'merge_request_event', CI_COMMIT_BRANCH: '' }
    assert.deepEqual(await list(mergeRequest), ['name', 'lint', 'changes'])
    const push = { CI_PIPELINE_SOURCE: 'push', CI_COMMIT_BRANCH: 'main', CI_DEFAULT_BRANCH: 'main' }
    assert.deepEqual(await list(push), ['name', 'ship'])
    const schedule = { ...push, CI_PIPELINE_SOURCE: 'schedule' }
    assert.deepEqual(await list(schedule), ['name'])
    await repo.write({ 'work/fleet.yaml': fleet })
    assert.deepEqual(await list(mergeRequest), ['name', 'lint', 'changes', 'plan'])
    assert.deepEqual(await list(push), ['name', 'ship'])
    const token = { ...push, RELEASE_TOKEN: 'secret' }
    assert.deepEqual(await list(token), ['name', 'ship', 'release', 'promote'])
    assert.deepEqual(await list(schedule), ['name', 'verify'])
    await using broken = await repository(pipeline.replace('reports:', 'reporst:'))
    const { exit, output } = await broken.pipeline(['--list-csv'], mergeRequest)
    assert.notEqual(exit, 0, output)
  })

  it('lints, and refuses what breaks clients', { skip: debianTools('rsync') }, async () => {
    await using repo = await repository()
    const base = await repo.git('rev-parse', 'HEAD')
    const mergeRequest = {
      CI_PIPELINE_SOURCE: 'merge_request_event',
      CI_COMMIT_BRANCH: '',
      CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
    }
    for (const job of ['lint', 'changes']) {
      const good = await repo.pipeline([job], mergeRequest)
      assert.equal(good.exit, 0, good.output)
    }

    await repo.write({
      'work/specs/a.yaml': spec('{ name: of, in: query, required: true, schema: { type: boolean } }'),
    })
    await repo.git('commit', '-q', '-a', '-m', 'second')
    const breaking = await repo.pipeline(['changes'], mergeRequest)
    assert.notEqual(breaking.exit, 0, breaking.output)
    assert.match(breaking.output, /parameter-required-added/)

    await repo.write({ 'work/specs/a.yaml': spec('').replace('mock', 'mok') })
    await repo.git('commit', '-q', '-a', '-m', 'third')
    const bad = await repo.pipeline(['lint'], mergeRequest)
    assert.notEqual(bad.exit, 0, bad.output)
  })

  it('releases and promotes by commits that start no pipeline', { skip: debianTools('rsync') }, async () => {
    await using registry = await startRegistry()
    await using repo = await repository()
    await repo.write({
      'work/fleet.yaml': fleet,
      'work/.gitignore': 'node_modules/\n.gitlab-ci-local/\n*.bca*\n',
    })
    await repo.git('add', '.')
    await repo.git('commit', '-q', '-m', 'A fleet')
    const remote = join(repo.path, 'remote.git')
    await repo.git('clone', '-q', '--bare', '.', remote)
    await repo.git('-C', remote, 'config', 'receive.advertisePushOptions', 'true')
    await repo.write({
      'remote.git/hooks/post-receive': '#!/bin/sh\necho "$GIT_PUSH_OPTION_0" >> options\n',
      '.gitconfig': `[url "${remote}"]
        insteadOf = https://gitlab.example/acme/shop.git
        insteadOf = https://release:secret@gitlab.example/acme/shop.git\n`,
    })
    chmodSync(join(remote, 'hooks/post-receive'), 0o755)
    await repo.git('fetch', '-q', 'origin')
    const cwd = join(repo.path, 'work')
    const shipped = await runBarbacane(['ship', '--unsigned', '--to', `${registry.address}/acme/shop:1`], {
      cwd,
    })
    assert.equal(shipped.exit, 0, shipped.stderr)
    const variables = {
      CI_PIPELINE_SOURCE: 'push',
      CI_COMMIT_BRANCH: 'main',
      CI_DEFAULT_BRANCH: 'main',
      CI_SERVER_HOST: 'gitlab.example',
      CI_PROJECT_PATH: 'acme/shop',
      GITLAB_USER_NAME: 'Ann',
      GITLAB_USER_EMAIL: 'ann@example.com',
      RELEASE_TOKEN: 'secret',
      REFERENCE: shipped.stdout.trim(),
    }
    for (const job of ['release', 'promote']) {
      const { exit, output } = await repo.pipeline([job], variables)
      assert.equal(exit, 0, output)
    }
    const pinned = await repo.git('-C', remote, 'show', 'main:environments/production/release.yaml')
    assert.ok(pinned.includes(shipped.stdout.trim()))
    assert.equal(readFileSync(join(remote, 'options'), 'utf8'), 'ci.skip\nci.skip\n')
  })
})
