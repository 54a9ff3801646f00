import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'

import { barbacane, isolatedEnv } from '../support/binary.ts'
import { debianTools } from '../support/debian-tools.ts'
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
})
