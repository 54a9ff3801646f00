import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'

import { ensureDebianTools } from '../test/support/debian-tools.ts'
import { contendersFor, orderText, serviceCommand, type Contender } from './gateway/contenders.ts'
import { startOn, untilListening, usageOf } from './gateway/processes.ts'
import { median } from './measure.ts'

const rounds = Number(process.argv[2] ?? 3)
const seconds = Number(process.argv[3] ?? 3)
const CONNECTIONS = 64
const IDLE_CONNECTIONS = 1000
/** What is compiled while it runs takes some thousand requests until it is; how long that is depends on the machine. */
const WARMING_ANSWERS = 20_000
const MAX_WARMING_ROUNDS = 10
const [proxyCore, restCore] = availableParallelism() > 1 ? [0, 1] : [0, 0]
const folder = mkdtempSync(join(tmpdir(), 'bench-gateway-'))
// The workers of nginx are another user where it is started by root.
chmodSync(folder, 0o755)

const SCENARIOS = ['get', 'post', 'large'] as const
type Scenario = (typeof SCENARIOS)[number]

interface Row {
  readonly contender: Contender
  readonly pid: number
  readonly perCpuSecond: Record<Scenario, number[]>
  /** Answers to GET a second, however busy the machine was. */
  readonly rates: number[]
  readonly idleKb: number
  peakMb: number
  p50Ms: number
  p99Ms: number
}

ensureDebianTools('nginx', 'haproxy', 'wrk', ['taskset', 'util-linux'])
const [servicePort = 0, ...ports] = await freePorts(16)
const children = [startOn(restCore, serviceCommand(servicePort, folder))]
try {
  await untilListening(servicePort)
  const rows: Row[] = []
  for (const contender of contendersFor(servicePort, ports, folder)) {
    const idleKb = await idleMemory(contender)
    const child = startOn(proxyCore, contender.command)
    children.push(child)
    await untilListening(contender.port)
    const perCpuSecond = { get: [], post: [], large: [] }
    rows.push({
      contender,
      pid: child.pid as number,
      perCpuSecond,
      rates: [],
      idleKb,
      peakMb: 0,
      p50Ms: 0,
      p99Ms: 0,
    })
  }
  for (const row of rows) for (const scenario of SCENARIOS) warmUp(row, scenario)
  for (let round = 0; round < rounds; round += 1) {
    for (const scenario of SCENARIOS) {
      for (const row of rows) {
        const { answers, cpuSeconds } = load(row, scenario)
        row.perCpuSecond[scenario].push(answers / cpuSeconds)
        if (scenario === 'get') row.rates.push(answers / seconds)
        row.peakMb = Math.max(row.peakMb, usageOf(row.pid).residentMb)
      }
    }
  }
  for (const row of rows) Object.assign(row, latency(row))
  const text = tableOf(rows)
  console.log(text)
  writeTable(text)
} finally {
  for (const child of children) child.kill('SIGTERM')
  rmSync(folder, { recursive: true, force: true })
}

/** Asks until what is asked often has been compiled. */
function warmUp(row: Row, scenario: Scenario): void {
  const wanted = scenario === 'large' ? WARMING_ANSWERS / 50 : WARMING_ANSWERS
  let answered = 0
  for (let round = 0; round < MAX_WARMING_ROUNDS && answered < wanted; round += 1) {
    answered += load(row, scenario).answers
  }
}

/** What is answered in a round, and the processor time that it takes. */
function load(
  { contender, pid }: Row,
  scenario: Scenario,
): { readonly answers: number; readonly cpuSeconds: number } {
  const { orders, port } = contender
  const path = { get: '/small', post: orders.path, large: '/large' }[scenario]
  const script = scenario === 'post' ? ['-s', scriptOf(orders.headers)] : []
  const before = usageOf(pid).cpuSeconds
  const wrk = [
    'wrk',
    '-t1',
    `-c${CONNECTIONS}`,
    `-d${seconds}s`,
    ...script,
    `http://127.0.0.1:${port}${path}`,
  ]
  const output = execFileSync('taskset', ['-c', String(restCore), ...wrk], { encoding: 'utf8' })
  if (/Non-2xx/.test(output)) throw new Error(`${contender.name} refuses ${scenario}: ${output}`)
  const answers = Number(/(\d+) requests in/.exec(output)?.[1])
  return { answers, cpuSeconds: usageOf(pid).cpuSeconds - before }
}

/** What `wrk` reads to send orders. */
function scriptOf(headers: Readonly<Record<string, string>>): string {
  const path = join(folder, 'post.lua')
  const fields = Object.entries({ 'Content-Type': 'application/json', ...headers })
  const lines = fields.map(([name, value]) => `wrk.headers["${name}"] = "${value}"`)
  writeFileSync(
    path,
    ['wrk.method = "POST"', ...lines, `wrk.body = ${JSON.stringify(orderText)}`, ''].join('\n'),
  )
  return path
}

/** Latencies at about half of what the contender can do, as the medians of all rounds. */
function latency(row: Row): { readonly p50Ms: number; readonly p99Ms: number } {
  const all = Array.from({ length: rounds }, () => pacedLatency(row))
  return { p50Ms: median(all.map(({ p50Ms }) => p50Ms)), p99Ms: median(all.map(({ p99Ms }) => p99Ms)) }
}

/** Each connection waits for a random time between an answer and its next request. */
function pacedLatency({ contender, rates }: Row): { readonly p50Ms: number; readonly p99Ms: number } {
  const waitMs = (2 * 1000 * CONNECTIONS) / (median(rates) / 2)
  const script = join(folder, 'paced.lua')
  writeFileSync(script, `function delay() return math.random(0, ${Math.ceil(waitMs)}) end\n`)
  const options = ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '--latency', '-s', script]
  const wrk = ['-c', String(restCore), 'wrk', ...options, `http://127.0.0.1:${contender.port}/small`]
  const output = execFileSync('taskset', wrk, { encoding: 'utf8' })
  return { p50Ms: percentileMs(output, 50), p99Ms: percentileMs(output, 99) }
}

/** A percentile that `wrk` prints, such as `99% 1.25ms`. */
function percentileMs(output: string, percent: number): number {
  const [, number, unit] = new RegExp(`${percent}%\\s+([0-9.]+)(us|ms|s)`).exec(output) ?? []
  const perUnit = { us: 0.001, ms: 1, s: 1000 }[unit ?? '']
  if (perUnit === undefined) throw new Error(`wrk says no percentile: ${output}`)
  return Number(number) * perUnit
}

/** What a connection costs that does nothing after its first request, in KB, of a process that has done nothing else. */
async function idleMemory(contender: Contender): Promise<number> {
  const child = startOn(proxyCore, contender.command)
  children.push(child)
  await untilListening(contender.port)
  const pid = child.pid as number
  const before = usageOf(pid).residentMb
  const sockets = await Promise.all(Array.from({ length: IDLE_CONNECTIONS }, () => asked(contender.port)))
  const kb = ((usageOf(pid).residentMb - before) * 1024) / IDLE_CONNECTIONS
  for (const socket of sockets) socket.destroy()
  child.kill('SIGTERM')
  await once(child, 'exit')
  return Math.max(0, kb)
}

function asked(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('GET /small HTTP/1.1\r\nHost: a\r\n\r\n'))
    socket.once('data', () => resolve(socket))
    socket.once('error', reject)
  })
}

function tableOf(rows: readonly Row[]): string {
  const of = (row: Row, scenario: Scenario) => median(row.perCpuSecond[scenario])
  const peer = rows[0] as Row
  const head = [
    'proxy',
    'GET 200 B',
    '÷ nginx',
    'POST 1 KB',
    '÷ nginx',
    'GET 1 MB',
    '÷ nginx',
    'p50 / p99 ms',
    'MB under load',
    'KB an idle connection',
  ]
  const lines = rows.map((row) => [
    row.contender.note === '' ? row.contender.name : `${row.contender.name} (${row.contender.note})`,
    ...SCENARIOS.flatMap((scenario) => [
      String(Math.round(of(row, scenario))),
      (of(row, scenario) / of(peer, scenario)).toFixed(2),
    ]),
    `${row.p50Ms.toFixed(1)} / ${row.p99Ms.toFixed(1)}`,
    row.peakMb.toFixed(0),
    row.idleKb.toFixed(1),
  ])
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Puts the table where the README has it. */
function writeTable(text: string): void {
  const path = join(import.meta.dirname, '../README.md')
  const readme = readFileSync(path, 'utf8')
  const [start, end] = ['<!-- bench:gateway -->', '<!-- /bench:gateway -->']
  const [from, to] = [readme.indexOf(start), readme.indexOf(end)]
  if (from === -1 || to === -1) throw new Error(`README.md has no place for the table: ${start} … ${end}`)
  writeFileSync(path, `${readme.slice(0, from + start.length)}\n\n${text}\n\n${readme.slice(to)}`)
}

/** Ports that are free: all are held at once, so that no two are the same. */
async function freePorts(count: number): Promise<readonly number[]> {
  const probes = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(probes.map((probe) => once(probe, 'listening')))
  const ports = probes.map((probe) => (probe.address() as AddressInfo).port)
  for (const probe of probes) probe.close()
  return ports
}
