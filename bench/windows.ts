// What counting a request costs: alone, with other processes by a log, and by asking one process that counts for all.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'

import { createLogRing, SharedWindows, SlidingLog, type WindowCounter } from '../src/runtime/limits/index.ts'

const COUNT = 20_000
const ROUNDS = 7
const FOLDER = process.platform === 'linux' ? '/dev/shm' : tmpdir()
const REQUEST_BYTES = 128
const FIRST_FILE = 4

const shared = (files: readonly number[], writer: number) =>
  new SharedWindows({ files, writer, clockOffsetMs: 0, onMissed: () => console.error('missed some') })

function takeAll(counter: WindowCounter, from: number): void {
  for (let index = 0; index < COUNT; index += 1) {
    counter.take(`default 100 60 10.0.${index % 250}.1`, 100, 60_000, from + index)
  }
}

/** Asks over a socket, so many questions under way at once. */
async function askAll(socket: Socket, underWay: number): Promise<void> {
  const question = Buffer.alloc(REQUEST_BYTES)
  let asked = 0
  let answeredBytes = 0
  const ask = () => {
    while (asked < COUNT && asked - Math.floor(answeredBytes / REQUEST_BYTES) < underWay) {
      asked += 1
      socket.write(question)
    }
  }
  const done = Promise.withResolvers<void>()
  const onData = (answer: Buffer) => {
    answeredBytes += answer.byteLength
    if (answeredBytes >= COUNT * REQUEST_BYTES) done.resolve()
    else ask()
  }
  socket.on('data', onData)
  ask()
  await done.promise
  socket.off('data', onData)
}

async function main(): Promise<void> {
  const ring = createLogRing(FOLDER)
  const turning = setInterval(ring.turn, 50)
  const path = join(tmpdir(), `windows-${process.pid}.sock`)
  const counting = fork(import.meta.filename, ['counts', path])
  await once(counting, 'message')
  const socket = connect(path)
  await once(socket, 'connect')
  const [alone, log] = [new SlidingLog(), shared(ring.files, 1)]
  const contenders: Record<string, (from: number) => void | Promise<void>> = {
    'in one process': (from) => takeAll(alone, from),
    'by the log': (from) => takeAll(log, from),
    'by the log, another process writes, too': (from) => takeAll(log, from),
    'by asking, one question under way': () => askAll(socket, 1),
    'by asking, 32 questions under way': () => askAll(socket, 32),
  }
  const samples: Record<string, { cpuNs: number; wallNs: number }[]> = {}
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(contenders)) {
      const isShared = name.includes('another')
      const other = isShared
        ? fork(import.meta.filename, ['writes'], { stdio: ['ignore', 2, 2, 'ipc', ...ring.files] })
        : undefined
      if (other !== undefined) await once(other, 'message')
      const [cpu, started] = [process.cpuUsage(), process.hrtime.bigint()]
      await run((round + 1) * COUNT)
      const wallNs = Number(process.hrtime.bigint() - started) / COUNT
      const { user, system } = process.cpuUsage(cpu)
      other?.kill()
      await new Promise((resolve) => setTimeout(resolve, 60))
      if (round >= 0) (samples[name] ??= []).push({ cpuNs: ((user + system) * 1000) / COUNT, wallNs })
    }
  }
  console.log(`${availableParallelism()} processors, ${FOLDER}, medians of ${ROUNDS} rounds of ${COUNT}\n`)
  console.log('| counted | processor ns | wall ns |\n|---|---|---|')
  for (const [name, taken] of Object.entries(samples)) {
    const median = (of: 'cpuNs' | 'wallNs') =>
      taken.map((one) => one[of]).toSorted((a, b) => a - b)[ROUNDS >> 1] ?? 0
    console.log(`| ${name} | ${Math.round(median('cpuNs'))} | ${Math.round(median('wallNs'))} |`)
  }
  clearInterval(turning)
  ring.close()
  socket.destroy()
  counting.kill()
}

const [role, path = ''] = process.argv.slice(2)
if (role === 'counts') {
  createServer((socket) => socket.on('data', (question) => socket.write(question))).listen(path, () =>
    process.send?.('ready'),
  )
} else if (role === 'writes') {
  const log = shared([FIRST_FILE, FIRST_FILE + 1, FIRST_FILE + 2], 2)
  process.send?.('ready')
  for (;;) takeAll(log, 0)
} else await main()
