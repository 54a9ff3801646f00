import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const mainPath = fileURLToPath(new URL('../../src/runtime/main.ts', import.meta.url))
const binPath = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

export interface SpawnedGateway {
  readonly url: string
  readonly adminUrl: string
  readonly artifactPath: string
  readonly process: ChildProcess
  /** Lines of the log so far. */
  readonly log: () => readonly Record<string, unknown>[]
  /** Resolves to the first line like this, now or later. */
  readonly logged: (isWanted: (line: Record<string, unknown>) => boolean) => Promise<Record<string, unknown>>
  /** Sends a signal and resolves to the exit code. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>
}

export interface Exited {
  readonly code: number | null
  readonly stderr: string
  readonly stdout: string
}

/** Something that runs cleanups at its end, such as a test. */
export interface CleanupScope {
  readonly after: (cleanup: () => unknown) => void
}

interface SpawnOptions {
  readonly artifact: Uint8Array
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Through `barbacane serve` instead of the data plane's own entry. */
  readonly throughCli?: boolean
  /** Before all flags of the data plane's own entry. */
  readonly words?: readonly string[]
  /** A program that serves, instead of that entry under Node. */
  readonly program?: string
}

/** Starts a gateway process on free ports and waits until it listens; it ends with the test. */
export async function spawnGateway(context: CleanupScope, options: SpawnOptions): Promise<SpawnedGateway> {
  const { child, artifactPath, output } = start(context, options)
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', () => {
      if (output().stdout.includes('"listening"')) resolve()
    })
    child.once('exit', (code) => reject(new Error(`exited with ${code}: ${output().stderr}`)))
  })
  const log = () =>
    output()
      .stdout.split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  const listening = log().find(({ msg }) => msg === 'listening')
  return {
    url: `http://${String(listening?.['address'])}`,
    adminUrl: `http://${String(listening?.['admin'])}`,
    artifactPath,
    process: child,
    log,
    logged: async (isWanted) => {
      for (;;) {
        const line = log().find(isWanted)
        if (line !== undefined) return line
        await once(child.stdout, 'data')
      }
    },
    stop: async (signal = 'SIGTERM') => {
      const exited = once(child, 'exit')
      child.kill(signal)
      const [code] = (await exited) as [number | null]
      return code
    },
  }
}

/** Runs a gateway process that must end by itself. */
export async function runToExit(context: CleanupScope, options: SpawnOptions): Promise<Exited> {
  const { child, output } = start(context, options)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...output() }
}

function start(context: CleanupScope, options: SpawnOptions) {
  const { artifact, flags = [], env = {}, throughCli = false, words = [], program } = options
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'))
  const artifactPath = join(folder, 'api.bca')
  writeFileSync(artifactPath, artifact)
  const entry = throughCli ? [binPath, 'serve'] : [...(program === undefined ? [mainPath] : []), ...words]
  const standard = { '--artifact': artifactPath, '--listen': '127.0.0.1:0', '--admin-bind': '127.0.0.1:0' }
  const missing = Object.entries(standard).filter(([name]) => !flags.includes(name))
  const child = spawn(program ?? process.execPath, [...entry, ...missing.flat(), ...flags], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  context.after(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    rmSync(folder, { recursive: true })
  })
  return { child, artifactPath, output: () => ({ stdout, stderr }) }
}
