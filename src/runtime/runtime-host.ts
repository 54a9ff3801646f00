import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'

import type { Host } from '../domain/index.ts'
import { createRequestIds } from './request-ids.ts'
import { boundYoungGeneration } from './young-generation.ts'

/** Everything impure that the data plane uses beyond files and sockets. */
export interface RuntimeHost extends Host {
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number
  /** What makes that clock the one that all processes of this machine have. */
  readonly clockOffsetMs: number
  /** A fresh identifier of a request. */
  readonly randomId: () => string
  /** A number from 0 to 1, not for secrets. */
  readonly random: () => number
  /** Takes lines of the log, each with its line feed. */
  readonly writeLog: (text: string) => void
  readonly usage: () => ResourceUsage
  /** The name of this machine. */
  readonly hostname: string
  /** The number of this process. */
  readonly pid: number
  /** Calls back whenever the process is told to load its files again (SIGHUP). */
  readonly onHangup: (listener: () => void) => void
}

interface ResourceUsage {
  readonly cpuSeconds: number
  readonly residentBytes: number
  readonly heapUsedBytes: number
}

/** The host of a process: its log goes to stdout, and its memory is bounded for serving. */
export function createRuntimeHost(base: Host, system: NodeJS.Process): RuntimeHost {
  boundYoungGeneration()
  let isLogRead = true
  system.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A gateway serves on when nobody reads its log any more.
    if (error.code !== 'EPIPE') throw error
    isLogRead = false
  })
  return {
    nowMs: base.nowMs,
    env: base.env,
    cwd: base.cwd,
    signal: base.signal,
    monotonicMs: () => performance.now(),
    clockOffsetMs: Number(system.hrtime.bigint()) / 1e6 - performance.now(),
    randomId: createRequestIds(randomBytes),
    random: Math.random,
    writeLog: (text) => {
      if (isLogRead) system.stdout.write(text)
    },
    usage: () => {
      const { user, system: kernel } = system.cpuUsage()
      const { rss, heapUsed } = system.memoryUsage()
      return { cpuSeconds: (user + kernel) / 1e6, residentBytes: rss, heapUsedBytes: heapUsed }
    },
    hostname: hostname(),
    pid: system.pid,
    onHangup: (listener) => void system.on('SIGHUP', listener),
  }
}
