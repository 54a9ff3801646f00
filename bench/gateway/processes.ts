import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'

/** What a process has used. */
export interface Usage {
  readonly cpuSeconds: number
  readonly residentMb: number
}

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
const PAGE_BYTES = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }))

/** Starts a program on one core, or on any where there is only one. */
export function startOn(core: number, command: readonly string[]): ChildProcess {
  const child = spawn('taskset', ['-c', String(core), ...command], { stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => (errors += String(chunk)))
  child.on('exit', (code) => {
    if (code !== null && code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${errors}`)
  })
  return child
}

/** The usage of a process and all that it has started. */
export function usageOf(pid: number): Usage {
  const tree = [pid, ...descendantsOf(pid)].map((one) => statOf(one))
  const cpuSeconds = tree.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_PER_SECOND
  const residentMb = (tree.reduce((sum, { pages }) => sum + pages, 0) * PAGE_BYTES) / 2 ** 20
  return { cpuSeconds, residentMb }
}

/** Resolves when somebody listens on a port. */
export async function untilListening(port: number, timeoutMs = 60_000): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!(await isListening(port))) {
    if (performance.now() > deadline) throw new Error(`nothing listens on ${port}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

function descendantsOf(pid: number): readonly number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => parentOf(Number(name)))
  const children = (parent: number): readonly number[] =>
    parents.filter((entry) => entry.parent === parent).flatMap((entry) => [entry.pid, ...children(entry.pid)])
  return children(pid)
}

function parentOf(pid: number): readonly { readonly pid: number; readonly parent: number }[] {
  try {
    return [{ pid, parent: Number(fieldsOf(pid)[1]) }]
  } catch {
    // It has ended since it was listed.
    return []
  }
}

function statOf(pid: number): { readonly ticks: number; readonly pages: number } {
  const fields = fieldsOf(pid)
  return { ticks: Number(fields[11]) + Number(fields[12]), pages: Number(fields[21]) }
}

/** The fields of /proc/PID/stat behind the name, from the state on (proc(5)). */
function fieldsOf(pid: number): readonly string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}
