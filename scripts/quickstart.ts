// `npm start`: lints, compiles and serves examples/bookshop through the command line as a user has it, sends a few
// requests and checks that the node runs what was compiled. Stays up until Ctrl-C; with `--once` it ends after the
// checks, with exit code 1 when one failed.
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

const REPOSITORY = join(import.meta.dirname, '..')
const EXAMPLE = join(REPOSITORY, 'examples/bookshop')
const UPSTREAM_PORT = 9100
const READY_WITHIN_MS = 30_000

const children: ChildProcess[] = []
let failures = 0

async function check(what: string, run: () => Promise<unknown>): Promise<void> {
  try {
    await run()
    console.log(`PASS  ${what}`)
  } catch (error) {
    failures += 1
    console.log(`FAIL  ${what}\n${String(error)}`)
  }
}

function start(file: string, parameters: readonly string[], cwd = REPOSITORY): ChildProcess {
  const child = spawn(process.execPath, [file, ...parameters], { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  return child
}

/** Runs one command of the CLI in a folder and returns what it printed. */
async function barbacane(cwd: string, ...parameters: string[]): Promise<string> {
  console.log(`\n$ barbacane ${parameters.join(' ')}`)
  const child = start(join(REPOSITORY, 'bin/run.js'), parameters, cwd)
  const closed = once(child, 'close')
  const output = (await child.stdout?.toArray())?.join('') ?? ''
  const [code] = (await closed) as [number | null]
  if (code !== 0) throw new Error(`barbacane ${parameters[0]} ended with ${code}:\n${output}`)
  return output
}

/** Waits for a line of a child's output that matches, passing the later ones on to ours. */
async function untilPrinted(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  if (child.stdout === null) throw new Error('The process has no output')
  const lines = createInterface({ input: child.stdout })
  return new Promise((resolve, reject) => {
    let found: RegExpExecArray | null = null
    lines.on('line', (line) => {
      if (found !== null) return console.log(line)
      found = pattern.exec(line)
      if (found !== null) resolve(found)
    })
    lines.on('close', () => reject(new Error(`The process ended with ${child.exitCode} before it was ready`)))
  })
}

/** Starts the bookshop's service on its own port, or on another when that one is taken. */
async function startUpstream(): Promise<number> {
  const child = start(join(EXAMPLE, 'upstream.ts'), [String(await freePort(UPSTREAM_PORT))])
  const [, port] = await untilPrinted(child, /:(\d+)$/)
  return Number(port)
}

interface Addresses {
  readonly gateway: string
  readonly admin: string
}

/** Starts the gateway on its own ports, or on others when they are taken. */
async function startGateway(artifact: string): Promise<Addresses> {
  const listen = `127.0.0.1:${await freePort(8080)}`
  const bind = `127.0.0.1:${await freePort(8081)}`
  const flags = [
    '--listen',
    listen,
    '--admin-bind',
    bind,
    '--allow-plaintext-upstream',
    '--log-level',
    'warn',
  ]
  console.log(`\n$ barbacane serve --artifact ${artifact} ${flags.join(' ')}`)
  const child = start(join(REPOSITORY, 'bin/run.js'), ['serve', '--artifact', artifact, ...flags])
  const [line] = await untilPrinted(child, /^\{.*"msg":"listening".*\}$/)
  const { address, admin } = JSON.parse(line) as { address: string; admin: string }
  return { gateway: `http://${address}`, admin: `http://${admin}` }
}

/** The preferred port of the loopback interface, or another when it is taken. */
async function freePort(preferred: number): Promise<number> {
  const listener = createServer().listen(preferred, '127.0.0.1')
  try {
    await once(listener, 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE' && preferred !== 0) return freePort(0)
    throw error
  }
  const { port } = listener.address() as AddressInfo
  await new Promise((resolve) => listener.close(resolve))
  return port
}

/** A copy of the example that forwards to another port: where to is part of what is compiled. */
async function copyForPort(scratch: string, port: number): Promise<string> {
  const copy = join(scratch, 'bookshop')
  await cp(EXAMPLE, copy, { recursive: true })
  for (const file of await readdir(join(copy, 'specs/paths'))) {
    const path = join(copy, 'specs/paths', file)
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replaceAll(`127.0.0.1:${UPSTREAM_PORT}`, `127.0.0.1:${port}`))
  }
  return copy
}

async function untilReady(admin: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS
  while (Date.now() < deadline) {
    const answer = await fetch(`${admin}/ready`).catch(() => undefined)
    if (answer?.status === 200) return
    await sleep(50)
  }
  throw new Error(`The gateway was not ready within ${READY_WITHIN_MS} ms`)
}

interface Expected {
  readonly status: number
  /** Text that the body has to contain. */
  readonly body?: RegExp
}

async function checkRequest(
  what: string,
  url: string,
  expected: Expected,
  init?: RequestInit,
): Promise<void> {
  await check(what, async () => {
    const response = await fetch(url, init)
    const body = await response.text()
    if (response.status >= 400) console.log(`\n${init?.method ?? 'GET'} ${url}\n${response.status} ${body}`)
    assert.equal(response.status, expected.status, body)
    assert.match(body, expected.body ?? /(?:)/)
  })
}

function json(method: string, body: unknown): RequestInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

async function checkRequests(gateway: string): Promise<void> {
  await checkRequest('a page of books comes from the service', `${gateway}/books?limit=2&sort=-price`, {
    status: 200,
    body: /"total":4/,
  })
  await checkRequest(
    'a form is accepted',
    `${gateway}/search`,
    { status: 200, body: /Dracula/ },
    { method: 'POST', body: new URLSearchParams({ q: 'drac', limit: '5' }) },
  )
  const tree = { id: 'poetry', name: 'Poetry', children: [{ id: 'sonnets', name: 'Sonnets' }] }
  await checkRequest(
    'a tree of categories is accepted',
    `${gateway}/categories/poetry`,
    { status: 200 },
    json('PUT', tree),
  )
  await checkRequest('limit=ten is refused: an integer is declared', `${gateway}/books?limit=ten`, {
    status: 400,
    body: /"pointer":"\/query\/limit"/,
  })
  const deep = { ...tree, children: [{ id: 'sonnets' }] }
  await checkRequest(
    'a branch without a name is refused, however deep',
    `${gateway}/categories/poetry`,
    { status: 400, body: /\/children\/0/ },
    json('PUT', deep),
  )
  await checkRequest('a path that is not described is not there', `${gateway}/nowhere`, { status: 404 })
  await checkRequest('the admin API is not there for the public', `${gateway}/_admin/provenance`, {
    status: 404,
  })
}

interface Identity {
  readonly artifact_hash: string
  readonly artifact_digest: string
}

async function checkProvenance(admin: string, artifact: string): Promise<void> {
  const output = await barbacane(REPOSITORY, 'inspect', artifact, '--json')
  const inspected = (JSON.parse(output) as { result: Identity }).result
  const answer = await fetch(`${admin}/_admin/provenance`)
  const node = (await answer.json()) as Identity & { inputs: unknown[] }
  console.log(`\n${admin}/_admin/provenance`)
  console.log(JSON.stringify({ ...node, inputs: `(${node.inputs.length} files)` }, undefined, 2))
  await check('the node runs the inputs that were compiled (artifact_hash)', async () => {
    assert.match(node.artifact_hash, /^sha256:[0-9a-f]{64}$/)
    assert.equal(node.artifact_hash, inspected.artifact_hash)
  })
  await check('the node runs this very file (artifact_digest)', async () => {
    assert.match(node.artifact_digest, /^sha256:[0-9a-f]{64}$/)
    assert.equal(node.artifact_digest, inspected.artifact_digest)
  })
}

async function quickstart(scratch: string, stay: AbortSignal | undefined): Promise<void> {
  const upstreamPort = await startUpstream()
  const project = upstreamPort === UPSTREAM_PORT ? EXAMPLE : await copyForPort(scratch, upstreamPort)
  const artifact = join(scratch, 'bookshop.bca')
  console.log(await barbacane(project, 'lint', '--allow-plaintext'))
  console.log(
    await barbacane(project, 'compile', '-m', 'barbacane.yaml', '-o', artifact, '--allow-plaintext'),
  )
  const { gateway, admin } = await startGateway(artifact)
  await untilReady(admin)
  await checkRequests(gateway)
  await checkProvenance(admin, artifact)
  console.log(failures === 0 ? '\nAll checks passed.' : `\n${failures} checks failed.`)
  if (stay === undefined) return
  console.log(`The gateway listens on ${gateway}, its admin API on ${admin}. Ctrl-C ends it.`)
  await Promise.race([once(stay, 'abort'), ...children.map((child) => once(child, 'exit'))])
  if (!stay.aborted) throw new Error('The gateway or its service ended by itself')
}

const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } })
const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort())
const scratch = await mkdtemp(join(tmpdir(), 'barbacane-quickstart-'))
try {
  await quickstart(scratch, values.once ? undefined : interruption.signal)
} catch (error) {
  failures += 1
  console.error(error)
} finally {
  const running = children.filter((child) => child.exitCode === null && child.signalCode === null)
  await Promise.all(
    running.map((child) => {
      child.kill('SIGTERM')
      return once(child, 'exit')
    }),
  )
  await rm(scratch, { recursive: true, force: true })
}
process.exitCode = failures === 0 ? 0 : 1
