import cluster from 'node:cluster'

import type { Peer } from './calls.ts'

/** A process that serves for a node. */
export interface WorkerProcess {
  readonly pid: number
  readonly peer: Peer
  /** Lets it end by itself. */
  readonly release: () => void
  readonly kill: () => void
}

export interface ForkOptions {
  /** The program that runs as a worker where it is started by `node:cluster`. */
  readonly entry: string
  /** Descriptors that it inherits, from 4 on. */
  readonly files: readonly number[]
  /** Takes whole lines of its log. */
  readonly writeLog: (text: string) => void
}

/** The first descriptor that a worker inherits behind the streams and the channel. */
export const FIRST_FILE = 4

/**
 * Starts a worker. Where the system does not spread connections over sockets of one port, `node:cluster` gives all workers
 * the same socket.
 */
export function forkWorker({ entry, files, writeLog }: ForkOptions): WorkerProcess {
  cluster.schedulingPolicy = cluster.SCHED_NONE
  cluster.setupPrimary({
    exec: entry,
    args: [],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'inherit', 'ipc', ...files],
  })
  const worker = cluster.fork()
  const { process: child } = worker
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    // Lines of several processes must not get into each other.
    const end = text.lastIndexOf('\n') + 1
    if (end === 0) return void (rest += text)
    writeLog(rest + text.slice(0, end))
    rest = text.slice(end)
  })
  return {
    pid: child.pid ?? 0,
    peer: {
      send: (message) => {
        // Whoever has gone is told of by `exit`.
        if (child.connected) child.send(message, () => undefined)
      },
      onMessage: (listener) => void worker.on('message', listener),
      onClose: (listener) =>
        void child.once('exit', (code, signal) => {
          if (rest !== '') writeLog(`${rest}\n`)
          listener(signal ?? `exit code ${code}`)
        }),
    },
    release: () => {
      if (child.connected) child.disconnect()
    },
    kill: () => void child.kill('SIGKILL'),
  }
}
