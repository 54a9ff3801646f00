import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { isProblemError } from '../domain/index.ts'
import { createRuntimeHost, runGateway, runtimeProblems, serveDefaults } from './index.ts'

const USAGE = `Usage: node main.js [serve] --artifact FILE [options]

  --listen ADDRESS             public listener (${serveDefaults.listen})
  --tls-cert FILES             certificates (PEM) of the public listener, with commas; without them it speaks plain HTTP
  --tls-key FILES              their private keys (PEM), in the same order
  --tls-min-version VERSION    1.2 or 1.3 (${serveDefaults['tls-min-version']})
  --admin-bind ADDRESS|off     admin listener (${serveDefaults['admin-bind']})
  --dev                        show internal details in errors
  --allow-plaintext-upstream   forward to http:// upstreams
  --allow-private-upstream     forward to upstreams whose names stand for private addresses
  --trusted-proxies LIST       addresses and networks whose X-Forwarded-… are believed
  --log-level LEVEL            error, warn, info or debug (${serveDefaults['log-level']})
  --log-format FORMAT          json or pretty (${serveDefaults['log-format']})
  --max-body-size SIZE         largest request body (${serveDefaults['max-body-size']})
  --shutdown-timeout SECONDS   time to drain (${serveDefaults['shutdown-timeout']})
  --node-name NAME             name of this node in the fleet (the name of the machine)
  --node-key FILE              Ed25519 private key (PEM) this node proves with what it runs
`

function parseFlags() {
  const text = (name: keyof typeof serveDefaults) =>
    ({ type: 'string', default: serveDefaults[name] }) as const
  const options = {
    artifact: { type: 'string' },
    listen: text('listen'),
    'admin-bind': text('admin-bind'),
    dev: { type: 'boolean', default: false },
    'allow-plaintext-upstream': { type: 'boolean', default: false },
    'allow-private-upstream': { type: 'boolean', default: false },
    'log-level': text('log-level'),
    'log-format': text('log-format'),
    'max-body-size': text('max-body-size'),
    'trusted-proxies': text('trusted-proxies'),
    'shutdown-timeout': text('shutdown-timeout'),
    'tls-cert': { type: 'string' },
    'tls-key': { type: 'string' },
    'tls-min-version': text('tls-min-version'),
    'node-name': { type: 'string' },
    'node-key': { type: 'string' },
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
  const { artifact, help, ...flags } = parseFlags()
  if (help) return void process.stdout.write(USAGE)
  if (artifact === undefined) {
    throw runtimeProblems.BCN_SERVE_OPTION({ option: '--artifact', reason: 'it is missing' })
  }
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  const base = { nowMs: Date.now, env: process.env, cwd: process.cwd(), signal: stop.signal }
  const packageJson = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(packageJson) as { version: string }
  await runGateway({ ...flags, artifact }, createRuntimeHost(base, process), version)
}

try {
  await main()
} catch (error) {
  if (!isProblemError(error)) throw error
  const { code, message, hint, exit } = error.problem
  process.stderr.write(`error ${code}: ${message}\n  ${hint}\n`)
  process.exitCode = exit
}
