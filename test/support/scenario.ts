import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { barbacane, isolatedEnv } from './binary.ts'
import { repositoryRoot } from './source-tree.ts'

/**
 * A scenario is a text file that anybody can read and add:
 *
 *     # What it shows
 *     -- file: specs/api.yaml --
 *     openapi: 3.1.0
 *
 *     $ barbacane lint
 *     > a line of stdout
 *     ! a line of stderr
 *     ? 3
 *
 * Files may also stand between commands. A stream without lines must be empty, the exit code is 0 unless given.
 * `[any]`, `[digest]`, `[commit]`, `[time]`, `[duration]` and `[version]` stand for what differs between runs, a line
 * `...` for any number of lines. Words before the program such as `CI=true` set its environment.
 */
export interface Scenario {
  readonly title: string
  readonly steps: readonly Step[]
}

export type Step =
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  | {
      readonly kind: 'command'
      readonly command: string
      readonly stdout: readonly string[]
      readonly stderr: readonly string[]
      readonly exit: number
    }

interface Observed {
  readonly stdout: readonly string[]
  readonly stderr: readonly string[]
  readonly exit: number
}

const PROGRAMS = ['barbacane', 'git', 'cat', 'ls', 'rm', 'cp', 'mkdir']
const TIME_LIMIT_MS = 60_000

/** @throws {SyntaxError} naming the line that is none of a scenario. */
export function parseScenario(source: string): Scenario {
  const lines = source.replaceAll('\r\n', '\n').split('\n')
  const title = /^# (.+)$/.exec(lines[0] ?? '')?.[1]
  if (title === undefined) throw new SyntaxError('line 1: a scenario begins with "# what it shows"')
  const steps: Step[] = []
  let index = 1
  while (index < lines.length) {
    const line = lines[index] as string
    const path = /^-- file: (\S+) --$/.exec(line)?.[1]
    const command = /^\$ (.+)$/.exec(line)?.[1]
    if (path === undefined && command === undefined && line !== '') {
      throw new SyntaxError(`line ${index + 1}: neither a file, a command nor what one answers: ${line}`)
    }
    index += 1
    if (path !== undefined) {
      const start = index
      while (index < lines.length && !/^(\$ |-- file: )/.test(lines[index] as string)) index += 1
      const text = lines.slice(start, index).join('\n').trimEnd()
      steps.push({ kind: 'file', path, text: text === '' ? '' : `${text}\n` })
    } else if (command !== undefined) {
      const expected: string[] = []
      while (/^(?:[>!](?: |$)|\? )/.test(lines[index] ?? '')) expected.push(lines[index++] ?? '')
      steps.push({ kind: 'command', command, ...parseExpected(expected) })
    }
  }
  return { title, steps }
}

function parseExpected(lines: readonly string[]): Observed {
  const after = (mark: string) => lines.filter((line) => line[0] === mark).map((line) => line.slice(2))
  return { stdout: after('>'), stderr: after('!'), exit: Number(after('?')[0] ?? 0) }
}

/** Runs the commands of a scenario file in a fresh folder; with `update` rewrites what they answered otherwise. */
export async function runScenario(path: string, update: boolean): Promise<void> {
  const scenario = parseScenario(await readFile(path, 'utf8'))
  // macOS keeps its temporary folder behind a link.
  const scratch = await realpath(await mkdtemp(join(tmpdir(), 'barbacane-scenario-')))
  try {
    const home = join(scratch, 'home')
    const cwd = join(scratch, 'work')
    await Promise.all([mkdir(home), mkdir(cwd)])
    const seen: Step[] = []
    for (const step of scenario.steps) {
      if (step.kind === 'file') {
        await mkdir(dirname(join(cwd, step.path)), { recursive: true })
        await writeFile(join(cwd, step.path), step.text)
        seen.push(step)
        continue
      }
      const observed = await runCommand(step.command, { cwd, env: isolatedEnv(home) })
      const fault = compare(step, observed)
      if (fault !== undefined && !update) throw new Error(`$ ${step.command}\n${fault}`)
      seen.push(fault === undefined ? step : { ...step, ...generalised(observed, scratch) })
    }
    const isChanged = seen.some((step, index) => step !== scenario.steps[index])
    if (isChanged) await writeFile(path, printScenario({ ...scenario, steps: seen }))
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function runCommand(
  command: string,
  { cwd, env }: { cwd: string; env: Record<string, string> },
): Promise<Observed> {
  const words = splitWords(command)
  const programAt = words.findIndex((word) => !/^[A-Z_]+=/.test(word))
  const settings = words.slice(0, programAt).map((word) => /^([A-Z_]+)=(.*)$/s.exec(word)?.slice(1))
  const [program, ...args] = words.slice(programAt)
  if (!PROGRAMS.includes(program ?? '')) throw new SyntaxError(`a scenario cannot run ${program}`)
  const [file, ...first] = program === 'barbacane' ? barbacane() : [program as string]
  const child = spawn(file, [...first, ...args], {
    cwd,
    env: { ...env, ...Object.fromEntries(settings as [string, string][]) },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIME_LIMIT_MS,
    killSignal: 'SIGKILL',
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (output.stderr += text))
  const exit = await new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) =>
      code === null ? reject(new Error(`${command} was ended by ${signal}`)) : resolve(code),
    )
  })
  return { stdout: linesOf(output.stdout), stderr: linesOf(output.stderr), exit }
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

/** Splits a command line at spaces; single and double quotes keep what they enclose together. */
export function splitWords(command: string): readonly string[] {
  const words = [...command.matchAll(/(?:[^\s'"]+|'[^']*'|"[^"]*")+/g)]
  return words.map(([word]) =>
    word.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double),
  )
}

/** What differs between expectation and observation, or undefined. */
export function compare(expected: Observed, observed: Observed): string | undefined {
  const faults = []
  for (const stream of ['stdout', 'stderr'] as const) {
    if (matches(expected[stream], observed[stream])) continue
    faults.push(`${stream} expected:`, ...expected[stream].map((line) => `  ${line}`))
    faults.push(`${stream} observed:`, ...observed[stream].map((line) => `  ${line}`))
  }
  if (expected.exit !== observed.exit) {
    faults.push(`exit code expected: ${expected.exit}, observed: ${observed.exit}`)
    if (faults.length === 1) faults.push(...observed.stderr)
  }
  return faults.length === 0 ? undefined : faults.join('\n')
}

const PLACEHOLDERS: Readonly<Record<string, string>> = {
  '[any]': '.*',
  '[digest]': 'sha256:[0-9a-f]{64}',
  '[commit]': '[0-9a-f]{40}',
  '[time]': String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z`,
  '[duration]': String.raw`\d+(?:\.\d+)? (?:ms|s|min|h)(?: \d+ (?:s|min))?`,
  '[version]': String.raw`\d+\.\d+\.\d+(?:-[\w.]+)?`,
}

function matches(expected: readonly string[], observed: readonly string[]): boolean {
  const [first, ...rest] = expected
  if (first === undefined) return observed.length === 0
  if (first === '...')
    return observed.some((_, from) => matches(rest, observed.slice(from))) || rest.length === 0
  const [line, ...others] = observed
  return line !== undefined && patternOf(first).test(line) && matches(rest, others)
}

function patternOf(line: string): RegExp {
  const parts = line.split(/(\[[a-z]+\])/)
  const pattern = parts
    .map((part) => PLACEHOLDERS[part] ?? part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join('')
  return new RegExp(`^${pattern}$`)
}

/** Puts placeholders where a run differs from the next. */
function generalised({ stdout, stderr, exit }: Observed, scratch: string): Observed {
  const generalise = (line: string) =>
    line
      .replaceAll(scratch, '[any]')
      .replaceAll(repositoryRoot, '[any]')
      .replaceAll(new RegExp(PLACEHOLDERS['[digest]'] as string, 'g'), '[digest]')
      .replaceAll(new RegExp(PLACEHOLDERS['[time]'] as string, 'g'), '[time]')
      .replaceAll(new RegExp(`\\b${PLACEHOLDERS['[commit]']}\\b`, 'g'), '[commit]')
  return { stdout: stdout.map(generalise), stderr: stderr.map(generalise), exit }
}

function printScenario({ title, steps }: Scenario): string {
  const blocks = steps.map((step) => {
    if (step.kind === 'file') return `-- file: ${step.path} --\n${step.text}`
    const lines = [
      `$ ${step.command}`,
      ...step.stdout.map((line) => (line === '' ? '>' : `> ${line}`)),
      ...step.stderr.map((line) => (line === '' ? '!' : `! ${line}`)),
      ...(step.exit === 0 ? [] : [`? ${step.exit}`]),
    ]
    return `${lines.join('\n')}\n`
  })
  return `# ${title}\n\n${blocks.join('\n')}`
}
