import cluster from 'node:cluster'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import packageJson from '../../package.json' with { type: 'json' }
import { formatLocation, isProblemError } from '../domain/index.ts'
import {
  createRuntimeHost,
  probeGateway,
  readSettings,
  runGateway,
  runWorker,
  runtimeProblems,
  serveDefaults,
  settingNames,
  settingTable,
  type SettingName,
} from './index.ts'

// An executable of its own is its own first argument.
const program = process.argv[1] === process.execPath ? basename(process.execPath) : 'node main.js'

/** The lines of the settings, in two columns. */
function usage(): string {
  const lines = settingNames.map((name) => {
    const { value, summary, options } = settingTable[name]
    const preset = settingTable[name].preset || undefined
    const flag = `--${name}${value === undefined ? '' : ` ${options?.join('|') ?? value}`}`
    return `  ${flag.padEnd(38)} ${summary}${preset === undefined ? '' : ` (${preset})`}`
  })
  return `Usage: ${program} [serve] --artifact FILE [options]
       ${program} probe

  probe                                  Ask the gateway of this machine whether it is ready; leaves with 0 if so.

  --config FILE                          Settings in YAML, by the names of these flags.
${lines.join('\n')}

Each can be set by a variable, too: --admin-bind by BARBACANE_ADMIN_BIND. Flags come first, then variables, then the file.
`
}

function parseFlags() {
  const settings = settingNames.map((name) => {
    const { kind } = settingTable[name]
    return [name, { type: kind === 'switch' ? 'boolean' : 'string' }] as const
  })
  const options = {
    ...(Object.fromEntries(settings) as Record<SettingName, { type: 'boolean' | 'string' }>),
    config: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  } as const
  // Images that extend this program name the command, as they would name that of `barbacane`.
  const args = process.argv.slice(process.argv[2] === 'serve' ? 3 : 2)
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false }).values
  } catch (error) {
    const reason = (error as Error).message
    throw runtimeProblems.BCN_SERVE_OPTION({ option: 'The command line', reason }, { cause: error })
  }
}

/** The data plane by itself: the same gateway as `barbacane serve`, without the command line library. */
async function main(): Promise<void> {
  const { help, config, ...given } = parseFlags()
  if (help) return void process.stdout.write(usage())
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  const base = { nowMs: Date.now, env: process.env, cwd: process.cwd(), signal: stop.signal }
  const settings = await readSettings(given, config, base)
  const workerEntry = fileURLToPath(import.meta.url)
  await runGateway(settings, createRuntimeHost(base, process), { version: packageJson.version, workerEntry })
}

/** One of several processes that serve; what the supervisor is told by signals it tells its workers. */
function work(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
  const base = { nowMs: Date.now, env: process.env, cwd: process.cwd(), signal: new AbortController().signal }
  const peer = {
    send: (message: object) => void process.send?.(message),
    onMessage: (listener: (message: unknown) => void) => void process.on('message', listener),
    onClose: (listener: (reason: string) => void) =>
      void process.on('disconnect', () => listener('disconnected')),
  }
  runWorker(peer, createRuntimeHost(base, process))
}

/** By the variables alone: whoever asks was not given the flags of the gateway. */
async function probe(): Promise<void> {
  const { BARBACANE_ADMIN_BIND: adminBind, BARBACANE_ADMIN_TLS_CERT: certificate } = process.env
  await probeGateway({ adminBind: adminBind || serveDefaults['admin-bind'], speaksTls: !!certificate })
}

async function run(): Promise<void> {
  if (cluster.isWorker) return work()
  await (process.argv[2] === 'probe' ? probe() : main())
}

run().catch((error: unknown) => {
  if (!isProblemError(error)) throw error
  const { code, message, hint, exit, at } = error.problem
  process.stderr.write(
    `error ${code}: ${at === undefined ? '' : `${formatLocation(at)}: `}${message}\n  ${hint}\n`,
  )
  process.exitCode = exit
})
