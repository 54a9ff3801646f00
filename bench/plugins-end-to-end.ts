import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

import { spawnGateway } from '../test/support/spawn-gateway.ts'
import { usageOf } from './gateway/processes.ts'
import { chainLengths, chainsArtifact, kinds, pathOf } from './plugin-chains.ts'

/**
 * What a chain adds to a request that goes through sockets: in bursts over a connection, the chains in turn. Of the wall
 * time the fastest round counts, as whatever else the machine does can only add to it; processor time is counted in ticks,
 * so that all rounds together count.
 */

const rounds = Number(process.argv[2] ?? 9)
const BURST = 50
/** With an instance a request a burst takes long enough to be measured by itself. */
const burstsOf = (path: string) => (path.startsWith('/fresh') ? 2 : 60)

interface Sample {
  readonly wallMicros: number
  readonly cpuMicros: number
}

const cleanups: (() => unknown)[] = []
const gateway = await spawnGateway(
  { after: (cleanup) => void cleanups.push(cleanup) },
  { artifact: chainsArtifact },
)
const { hostname, port } = new URL(gateway.url)
const pid = gateway.process.pid as number

const paths = ['/none', ...chainLengths.flatMap((length) => kinds.map((kind) => pathOf(kind, length)))]
const samples = new Map<string, Sample[]>(paths.map((path) => [path, []]))
for (let round = -2; round < rounds; round += 1) {
  for (const path of paths) {
    const sample = await measurePath(path)
    if (round >= 0) samples.get(path)?.push(sample)
  }
}

const of = (path: string, key: keyof Sample) => {
  const all = (samples.get(path) ?? []).map((sample) => sample[key])
  return key === 'wallMicros' ? Math.min(...all) : all.reduce((sum, each) => sum + each, 0) / all.length
}
console.log(`A request without middlewares takes ${of('/none', 'wallMicros').toFixed(0)} µs.\n`)
console.log(
  '| chain | native | WebAssembly | an instance a request | CPU of the three | fresh ÷ reused, of CPU |',
)
console.log('|---|---|---|---|---|---|')
for (const length of chainLengths) {
  const added = (key: keyof Sample) => kinds.map((kind) => of(pathOf(kind, length), key) - of('/none', key))
  const wall = added('wallMicros')
  const cpu = added('cpuMicros')
  const ratio = (cpu[2] ?? 0) / (cpu[1] ?? 1)
  const cells = [
    ...wall.map((micros) => micros.toFixed(1)),
    cpu.map((micros) => micros.toFixed(0)).join(' / '),
  ]
  console.log(`| ${length} | ${cells.join(' | ')} | ${ratio.toFixed(0)} |`)
}
for (const cleanup of cleanups) await cleanup()
process.exit(0)

/** On a connection of its own: a gateway ends one that has had many requests. */
async function measurePath(path: string): Promise<Sample> {
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  await once(socket, 'connect')
  socket.setEncoding('latin1')
  const request = `GET ${path} HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\nUser-Agent: bench\r\n\r\n`
  const bursts = burstsOf(path)
  const calls = bursts * BURST
  const before = usageOf(pid).cpuSeconds
  const started = performance.now()
  for (let count = 0; count < bursts; count += 1) await sendBurst(socket, request.repeat(BURST))
  const wallMicros = ((performance.now() - started) / calls) * 1000
  socket.destroy()
  return { wallMicros, cpuMicros: ((usageOf(pid).cpuSeconds - before) / calls) * 1e6 }
}

/** Sends requests that do not wait for each other, and waits for the last answer. */
function sendBurst(socket: Socket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const closed = () => reject(new Error('the gateway closed the connection'))
    let answered = 0
    const count = (chunk: string) => {
      answered += chunk.split('HTTP/1.1 200').length - 1
      if (answered < BURST) return
      socket.off('data', count)
      socket.off('close', closed)
      resolve()
    }
    socket.on('data', count)
    socket.on('close', closed)
    socket.write(text)
  })
}
