import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { usageOf } from './gateway/processes.ts'
import { median } from './measure.ts'

// The gateway as one executable beside itself as files: how soon it is ready, what it takes, and what a request costs.
const ROUNDS = Number(process.argv[2] ?? 5)
const REQUESTS = 20_000
const CONNECTIONS = 16
const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'bench-executable-'))
const artifactPath = join(folder, 'api.bca')

const executable = join(root, 'dist-gateway/barbacane-gateway')
const bundle = join(root, 'dist-gateway/gateway.cjs')
const node26 = join(root, 'executable/node_modules/node/bin/node')

interface Sample {
  readonly readyMs: number
  readonly idleMb: number
  readonly loadedMb: number
  readonly requestsPerCpuSecond: number
}

interface Contender {
  readonly command: readonly [string, ...string[]]
  /** What it consists of. */
  readonly files: readonly string[]
}

function ask(url: string, agent?: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, agent === undefined ? {} : { agent }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0))
    }).on('error', reject)
  })
}

async function measure({ command: [program, ...args] }: Contender): Promise<Sample> {
  const started = performance.now()
  const flags = ['--artifact', artifactPath, '--listen', '127.0.0.1:0', '--admin-bind', '127.0.0.1:0']
  const child = spawn(program, [...args, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${program} does not serve`)))
    const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as [string]
    ended.catch(() => undefined)
    child.stdout.resume()
    const { address, admin } = JSON.parse(line) as { readonly address: string; readonly admin: string }
    while ((await ask(`http://${admin}/ready`)) !== 200) await new Promise(setImmediate)
    const readyMs = performance.now() - started
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const pid = child.pid ?? 0
    const idle = usageOf(pid)
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
    let left = REQUESTS
    const work = async () => {
      while (left-- > 0) {
        const status = await ask(`http://${address}/books/42?q=some`, agent)
        if (status !== 200) throw new Error(`${program} answered ${status}`)
      }
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, work))
    const loaded = usageOf(pid)
    agent.destroy()
    const requestsPerCpuSecond = REQUESTS / (loaded.cpuSeconds - idle.cpuSeconds)
    return { readyMs, idleMb: idle.residentMb, loadedMb: loaded.residentMb, requestsPerCpuSecond }
  } finally {
    child.kill('SIGKILL')
  }
}

/** A mocked operation with typed parameters, so that what is measured is the gateway alone. */
function compileArtifact(): void {
  mkdirSync(join(folder, 'specs'))
  writeFileSync(join(folder, 'barbacane.yaml'), 'version: 1\nspecs: ./specs/\n')
  const parameters = `
      parameters:
        - { name: id, in: path, required: true, schema: { type: integer } }
        - { name: q, in: query, schema: { type: string, maxLength: 20 } }`
  const dispatch = 'x-barbacane-dispatch: { name: mock, config: { body: \'{"id":1}\' } }'
  writeFileSync(
    join(folder, 'specs/books.yaml'),
    `openapi: 3.1.0
info: { title: Books, version: 1.0.0 }
paths:
  /books/{id}:
    get:${parameters}
      responses: { '200': { description: Good } }
      ${dispatch}
`,
  )
  execFileSync(process.execPath, [join(root, 'bin/run.js'), 'compile', '-o', artifactPath], { cwd: folder })
}

try {
  compileArtifact()
  const byBun = join(folder, 'by-bun')
  const machine = `${process.platform}-${process.arch === 'arm64' ? 'aarch64' : process.arch}`
  const bun = join(root, `bench/executable/node_modules/@oven/bun-${machine}/bin/bun`)
  execFileSync(bun, ['build', '--compile', '--minify', bundle, '--outfile', byBun], { stdio: 'ignore' })
  const contenders: Readonly<Record<string, Contender>> = {
    'files, Node 24': {
      command: [process.execPath, join(root, 'dist/runtime/main.js')],
      files: [process.execPath, join(root, 'dist/runtime/main.js')],
    },
    'one file, Node 26': { command: [node26, bundle], files: [node26, bundle] },
    'executable of Node 26': { command: [executable], files: [executable] },
    'executable of bun': { command: [byBun], files: [byBun] },
  }
  const samples = Object.fromEntries(Object.keys(contenders).map((name) => [name, [] as Sample[]]))
  for (let round = -1; round < ROUNDS; round++) {
    for (const [name, contender] of Object.entries(contenders)) {
      const sample = await measure(contender)
      if (round >= 0) samples[name]?.push(sample)
    }
  }
  const rows = Object.entries(contenders).map(([name, { files }]) => {
    const of = (member: keyof Sample) =>
      Math.round(median((samples[name] ?? []).map((sample) => sample[member])))
    const sizeMb = Math.round(files.reduce((sum, path) => sum + statSync(path).size, 0) / 1e6)
    const cells = [sizeMb, of('readyMs'), of('idleMb'), of('loadedMb'), of('requestsPerCpuSecond')]
    return `| ${name} | ${cells.join(' | ')} |`
  })
  process.stdout.write(
    [
      '| | MB on disk | ready after ms | MB idle | MB under load | requests a CPU-second |',
      '|---|---|---|---|---|---|',
      ...rows,
      '',
    ].join('\n'),
  )
} finally {
  rmSync(folder, { recursive: true })
}
