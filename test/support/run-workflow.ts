import { execFile, type ExecFileException } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

import { parse } from 'yaml'

import { runCompositeAction } from './composite-action.ts'
import { interpolate, isDue, type Contexts } from './workflow-expressions.ts'

const exec = promisify(execFile)

interface WorkflowStep {
  readonly id?: string
  readonly if?: string
  readonly uses?: string
  readonly run?: string
  readonly 'working-directory'?: string
  readonly env?: Readonly<Record<string, string>>
  readonly with?: Readonly<Record<string, string>>
}

interface WorkflowJob {
  readonly if: string
  readonly needs?: string
  readonly environment?: string
  readonly env?: Readonly<Record<string, string>>
  readonly outputs?: Readonly<Record<string, string>>
  readonly steps: readonly WorkflowStep[]
}

interface WorkflowFile {
  readonly on: {
    readonly workflow_call: { readonly inputs: Readonly<Record<string, { readonly default: unknown }>> }
  }
  readonly jobs: Readonly<Record<string, WorkflowJob>>
}

/** What happened in the repository. */
export interface WorkflowEvent {
  readonly name: 'pull_request' | 'push' | 'schedule'
  /** The branch that is pushed to, proposed, or the default one. */
  readonly branch: string
}

export interface WorkflowRequest {
  /** A reusable workflow whose jobs stand in the order of their needs. */
  readonly file: string
  readonly inputs: Readonly<Record<string, unknown>>
  readonly secrets: Readonly<Record<string, string>>
  readonly event: WorkflowEvent
  /** The folder of the remote that is checked out from, with the branch `main`. */
  readonly remote: string
  /** A folder of the runner's own. */
  readonly runner: string
  /** The environments that somebody has approved. */
  readonly approved: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

export interface JobRun {
  readonly result: 'success' | 'failure' | 'skipped' | 'waiting'
  readonly summary: string
  readonly log: string
}

type Outputs = Readonly<Record<string, string>>

/** Runs the jobs of a reusable workflow for an event as GitHub does, each in a checkout of its own. */
export async function runWorkflow(request: WorkflowRequest): Promise<Readonly<Record<string, JobRun>>> {
  const file = parse(await readFile(request.file, 'utf8')) as WorkflowFile
  const defaults = Object.entries(file.on.workflow_call.inputs).map(([name, input]) => [name, input.default])
  const inputs = { ...Object.fromEntries(defaults), ...request.inputs } as Contexts
  const runs: Record<string, JobRun> = {}
  const needs: Record<string, { readonly outputs: Outputs }> = {}
  for (const [name, job] of Object.entries(file.jobs)) {
    const needed = job.needs === undefined ? undefined : runs[job.needs]?.result
    const contexts = { github: githubContext(request), inputs, needs, secrets: request.secrets }
    const status = { hasFailed: needed !== undefined && needed !== 'success', isCancelled: false }
    const environment = interpolate(job.environment ?? '', contexts)
    if (!isDue(job.if, contexts, status)) runs[name] = { result: 'skipped', summary: '', log: '' }
    else if (environment !== '' && !request.approved.includes(environment))
      runs[name] = { result: 'waiting', summary: '', log: '' }
    else {
      const { run, outputs } = await runJob(name, job, contexts, request)
      runs[name] = run
      needs[name] = { outputs }
    }
  }
  return runs
}

function githubContext({ event }: WorkflowRequest): Contexts {
  const pullRequest = { number: 5, head: { repo: { full_name: 'acme/shop' } } }
  return {
    event_name: event.name,
    token: 'secret',
    repository: 'acme/shop',
    base_ref: event.name === 'pull_request' ? 'main' : '',
    ref_name: event.branch,
    ref: `refs/heads/${event.branch}`,
    event: event.name === 'pull_request' ? { pull_request: pullRequest } : {},
  }
}

async function runJob(name: string, job: WorkflowJob, contexts: Contexts, request: WorkflowRequest) {
  const folder = join(request.runner, name)
  const workspace = join(folder, 'work')
  await mkdir(folder, { recursive: true })
  const steps: Record<string, { readonly outputs: Outputs }> = {}
  const seen = { hasFailed: false, summary: '', log: '' }
  const env = { ...request.env, ...valuesOf(job.env, contexts) }
  let sha = ''
  for (const [index, step] of job.steps.entries()) {
    const known = { ...contexts, github: { ...(contexts['github'] as object), sha }, steps }
    if (!isDue(step.if, known, { hasFailed: seen.hasFailed, isCancelled: false })) continue
    if (step.uses?.startsWith('actions/setup-node@')) continue
    if (step.uses?.startsWith('actions/checkout@')) {
      sha = await checkOut(workspace, request, valuesOf(step.with, known)['ref'])
      continue
    }
    const place = {
      workspace,
      runner: join(folder, `${index}`),
      env: { ...env, ...valuesOf(step.env, known) },
    }
    const { exit, outputs, summary, log } =
      step.uses === undefined ? await runScript(step, known, place) : await runAction(step, known, place)
    if (step.id !== undefined) steps[step.id] = { outputs }
    seen.summary += summary
    seen.log += log
    seen.hasFailed ||= exit !== 0
  }
  const result = seen.hasFailed ? 'failure' : 'success'
  const run: JobRun = { result, summary: seen.summary, log: seen.log }
  return { run, outputs: valuesOf(job.outputs, { ...contexts, steps }) }
}

function valuesOf(
  values: Readonly<Record<string, unknown>> = {},
  contexts: Contexts,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, interpolate(String(value), contexts)]),
  )
}

/** The checkout action: of a branch the branch itself, of a pull request what merging it gives. */
async function checkOut(workspace: string, { remote, event, env }: WorkflowRequest, ref: string | undefined) {
  const git = async (...args: readonly string[]) =>
    (await exec('git', args, { cwd: workspace, env })).stdout.trim()
  await mkdir(workspace, { recursive: true })
  await exec('git', ['clone', '-q', remote, '.'], { cwd: workspace, env })
  if (event.name === 'pull_request') {
    await git('checkout', '-q', '--detach', 'origin/main')
    const identity = ['-c', 'user.name=GitHub', '-c', 'user.email=noreply@github.com']
    await git(...identity, 'merge', '-q', '--no-ff', '-m', 'Merge', `origin/${event.branch}`)
  } else await git('checkout', '-q', '-B', ref ?? event.branch, `origin/${ref ?? event.branch}`)
  return git('rev-parse', 'HEAD')
}

interface Place {
  readonly workspace: string
  readonly runner: string
  readonly env: Readonly<Record<string, string>>
}

async function runAction(step: WorkflowStep, contexts: Contexts, { workspace, runner, env }: Place) {
  if (step.uses?.startsWith('./') !== true) throw new Error(`no runner for ${step.uses}`)
  return runCompositeAction({
    action: join(workspace, step.uses),
    workspace,
    runner,
    with: valuesOf(step.with, contexts),
    github: contexts['github'] as Contexts,
    env,
  })
}

async function runScript(step: WorkflowStep, contexts: Contexts, { workspace, runner, env }: Place) {
  await mkdir(runner, { recursive: true })
  const files = { GITHUB_OUTPUT: join(runner, 'output'), GITHUB_STEP_SUMMARY: join(runner, 'summary') }
  for (const path of Object.values(files)) await writeFile(path, '')
  const cwd = join(workspace, interpolate(step['working-directory'] ?? '.', contexts))
  const script = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run ?? '']
  const { code, stdout, stderr } = await exec('bash', script, { cwd, env: { ...env, ...files } }).then(
    (done) => ({ code: 0, ...done }),
    (error: ExecFileException) => ({
      code: error.code,
      stdout: error.stdout ?? '',
      stderr: error.stderr ?? '',
    }),
  )
  const lines = (await readFile(files.GITHUB_OUTPUT, 'utf8')).split('\n').filter((line) => line !== '')
  const outputs = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2))) as Outputs
  const summary = await readFile(files.GITHUB_STEP_SUMMARY, 'utf8')
  return { exit: code === 0 ? 0 : 1, outputs, summary, log: stdout + stderr }
}

/** The PATH of a runner that finds these programs first. */
export function runnerPath(folder: string): string {
  return [folder, process.env['PATH']].join(delimiter)
}
