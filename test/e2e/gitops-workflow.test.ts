import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmodSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'

import { parse } from 'yaml'

import { gitRepository } from '../support/git-repository.ts'
import { repositoryRoot } from '../support/source-tree.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { interpolate, isDue, type Contexts } from '../support/workflow-expressions.ts'

const exec = promisify(execFile)

interface Step {
  readonly id?: string
  readonly name?: string
  readonly if?: string
  readonly uses?: string
  readonly run?: string
  readonly env?: Readonly<Record<string, string>>
  readonly with?: Readonly<Record<string, string>>
}

interface Job {
  readonly if: string
  readonly permissions?: Readonly<Record<string, string>>
  readonly steps: readonly Step[]
}

interface Workflow {
  readonly on: { readonly workflow_call: { readonly inputs: Readonly<Record<string, { default: string }>> } }
  readonly jobs: Readonly<Record<string, Job>>
}

interface Caller {
  readonly jobs: {
    readonly gateway: {
      readonly permissions: Readonly<Record<string, string>>
      readonly with: Readonly<Record<string, string>>
    }
  }
}

const read = (path: string) => parse(readFileSync(join(repositoryRoot, path), 'utf8')) as unknown
const workflow = read('.github/workflows/gitops.yml') as Workflow
const caller = read('templates/ci/github/gateway.yml') as Caller
const defaults = Object.entries(workflow.on.workflow_call.inputs).map(([name, input]) => [
  name,
  input.default,
])
const inputs = { ...Object.fromEntries(defaults), image: 'ghcr.io/Acme/Shop/gateway' } as Contexts

function jobsOf(event: string, given: Contexts = inputs): readonly string[] {
  const contexts = { github: { event_name: event }, inputs: given }
  const status = { hasFailed: false, isCancelled: false }
  return Object.entries(workflow.jobs).flatMap(([name, job]) =>
    isDue(job.if, contexts, status) ? [name] : [],
  )
}

function isWritten(asked: readonly (readonly [string, string])[], scope: string): boolean {
  return asked.some(([name, access]) => name === scope && access === 'write')
}

/** Runs one script of the workflow as its runner would; returns what it wrote for later steps. */
async function runStep(step: Step | undefined, cwd: string, contexts: Contexts, path = '') {
  assert.ok(step?.run)
  await using files = await temporaryFolder({ output: '', summary: '' })
  const env = Object.entries(step.env ?? {}).map(([name, value]) => [name, interpolate(value, contexts)])
  await exec('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
    cwd,
    env: {
      ...(Object.fromEntries(env) as Record<string, string>),
      PATH: [path, process.env['PATH']].join(delimiter),
      GITHUB_ACTOR: 'octocat',
      GITHUB_OUTPUT: join(files.path, 'output'),
      GITHUB_STEP_SUMMARY: join(files.path, 'summary'),
    },
  })
  return {
    output: readFileSync(join(files.path, 'output'), 'utf8'),
    summary: readFileSync(join(files.path, 'summary'), 'utf8'),
  }
}

const stepOf = (job: string, id: string) => workflow.jobs[job]?.steps.find((step) => step.id === id)

describe('the workflow that others call', () => {
  it('has jobs for pull requests and pushes, and ships, releases and verifies only where it is told to', () => {
    assert.deepEqual(jobsOf('pull_request'), ['lint', 'changes'])
    assert.deepEqual(jobsOf('push'), ['ship'])
    assert.deepEqual(jobsOf('push', { ...inputs, image: '' }), [])
    assert.deepEqual(jobsOf('schedule'), [])
    const fleet = { ...inputs, fleet: true, 'release-to': 'staging', 'promote-to': 'production' }
    assert.deepEqual(jobsOf('pull_request', fleet), ['lint', 'changes', 'plan'])
    assert.deepEqual(jobsOf('push', fleet), ['ship', 'release', 'promote'])
    assert.deepEqual(jobsOf('schedule', fleet), ['verify'])
    assert.deepEqual(jobsOf('workflow_dispatch', fleet), ['verify'])
  })

  it('asks for no more rights than its caller in the template gives', () => {
    const given = caller.jobs.gateway.permissions
    const asked = Object.values(workflow.jobs).flatMap(({ permissions }) => Object.entries(permissions ?? {}))
    const most = asked.filter(([scope, access]) => access === 'write' || !isWritten(asked, scope))
    assert.deepEqual(given, Object.fromEntries(most))
  })

  it('knows every input that the template gives', () => {
    for (const name of Object.keys(caller.jobs.gateway.with)) {
      assert.ok(name in workflow.on.workflow_call.inputs, name)
    }
  })

  it('compares only with a branch that has the project', async () => {
    await using repo = await gitRepository({ 'README.md': 'none yet\n' })
    repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD')
    const contexts = { github: { base_ref: 'main' } }
    const none = await runStep(stepOf('changes', 'base'), repo.path, contexts)
    assert.equal(none.output, '')
    assert.match(none.summary, /no barbacane\.yaml to compare with yet/)
    await repo.commit({ 'barbacane.yaml': 'version: 1\n' })
    repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD')
    assert.equal((await runStep(stepOf('changes', 'base'), repo.path, contexts)).output, 'exists=true\n')
  })

  it('logs in to the registry of the image, without the token in an argument', async () => {
    await using folder = await temporaryFolder({
      'bin/docker': '#!/bin/sh\necho "$@" > called\ncat > token\n',
    })
    chmodSync(join(folder.path, 'bin/docker'), 0o755)
    const contexts = { inputs, github: { token: 'secret' } }
    const bin = join(folder.path, 'bin')
    const { output } = await runStep(stepOf('ship', 'registry'), folder.path, contexts, bin)
    assert.equal(output, 'image=ghcr.io/acme/shop/gateway\n')
    const called = readFileSync(join(folder.path, 'called'), 'utf8')
    assert.equal(called, 'login ghcr.io --username octocat --password-stdin\n')
    assert.equal(readFileSync(join(folder.path, 'token'), 'utf8'), 'secret')
  })
})
