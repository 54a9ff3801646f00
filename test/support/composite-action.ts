import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

import { parse } from 'yaml'

import { interpolate, isDue, type Contexts } from './workflow-expressions.ts'

interface ActionStep {
  readonly id?: string
  readonly name: string
  readonly if?: string
  readonly shell: string
  readonly run: string
  readonly env?: Readonly<Record<string, string>>
}

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>
  readonly outputs: Readonly<Record<string, { readonly value: string }>>
  readonly runs: { readonly steps: readonly ActionStep[] }
}

export interface ActionRequest {
  /** The folder with `action.yml`, where it was checked out or installed. */
  readonly action: string
  /** The folder that the job works in. */
  readonly workspace: string
  /** A folder of the runner's own. */
  readonly runner: string
  readonly with: Readonly<Record<string, string>>
  /** The `github` context beside the workspace. */
  readonly github: Contexts
  readonly env: Readonly<Record<string, string>>
}

export interface ActionRun {
  /** 0 where the job goes on. */
  readonly exit: number
  /** The names of the steps that ran. */
  readonly ran: readonly string[]
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  /** What all steps printed. */
  readonly log: string
}

/**
 * Runs a composite action as GitHub's runner does: conditions and values by GitHub's own evaluator of expressions,
 * scripts by bash, and a file of outputs, paths and summary for each step.
 */
export async function runCompositeAction(request: ActionRequest): Promise<ActionRun> {
  const file = parse(await readFile(join(request.action, 'action.yml'), 'utf8')) as ActionFile
  const github = { ...request.github, workspace: request.workspace, action_path: request.action }
  const runner = { temp: join(request.runner, 'temp'), os: 'Linux', arch: 'X64' }
  await mkdir(runner.temp, { recursive: true })
  const defaults = Object.entries(file.inputs).map(([name, input]) => {
    return [name, interpolate(input.default ?? '', { github })]
  })
  const inputs = { ...Object.fromEntries(defaults), ...request.with } as Record<string, string>
  const steps: Record<string, { outputs: Record<string, string> }> = {}
  const env: Record<string, string> = {
    ...request.env,
    GITHUB_ACTION_PATH: request.action,
    GITHUB_WORKSPACE: request.workspace,
    RUNNER_TEMP: runner.temp,
  }
  const seen = { exit: 0, ran: [] as string[], summary: '', log: '' }
  for (const [index, step] of file.runs.steps.entries()) {
    const contexts = { inputs, steps, github, runner }
    if (!isDue(step.if, contexts, { hasFailed: seen.exit !== 0, isCancelled: false })) continue
    const files = await stepFiles(join(request.runner, `step-${index}`))
    const values = Object.entries(step.env ?? {}).map(([name, value]) => [name, interpolate(value, contexts)])
    const { exit, log } = await runScript(step, request.workspace, {
      ...env,
      ...Object.fromEntries(values),
      ...files,
    })
    seen.ran.push(step.name)
    seen.log += log
    if (seen.exit === 0) seen.exit = exit
    seen.summary += await readFile(files.GITHUB_STEP_SUMMARY, 'utf8')
    const paths = (await readFile(files.GITHUB_PATH, 'utf8')).split('\n').filter((path) => path !== '')
    env['PATH'] = [...paths.toReversed(), env['PATH'] ?? ''].join(delimiter)
    if (step.id !== undefined) {
      steps[step.id] = { outputs: readOutputs(await readFile(files.GITHUB_OUTPUT, 'utf8')) }
    }
  }
  const outputs = Object.entries(file.outputs).map(([name, { value }]) => [
    name,
    interpolate(value, { steps }),
  ])
  return { ...seen, outputs: Object.fromEntries(outputs) as Record<string, string> }
}

async function stepFiles(folder: string) {
  await mkdir(folder, { recursive: true })
  const files = {
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_PATH: join(folder, 'path'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary'),
  }
  for (const path of Object.values(files)) if (!existsSync(path)) await writeFile(path, '')
  return files
}

function readOutputs(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line !== '')
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2))) as Record<string, string>
}

/** `shell: bash`, as the runner calls it. */
async function runScript({ shell, run }: ActionStep, cwd: string, env: Record<string, string>) {
  if (shell !== 'bash') throw new Error(`no runner for the shell ${shell}`)
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (log += text))
  }
  const exit = await new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? -1))
  })
  return { exit, log }
}
