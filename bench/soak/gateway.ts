import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

import { certificateFiles } from '../../test/support/certificate-files.ts'
import type { Sample } from './trend.ts'

export interface SoakGatewayOptions {
  readonly folder: string
  readonly artifactPath: string
  readonly usesTls: boolean
  readonly workers: number
}

/** The gateway that is tried, with what measures it loaded into each of its processes. */
export interface SoakGateway {
  readonly process: ChildProcess
  readonly port: number
  /** Where its admin listener is. */
  readonly admin: string
  readonly logLines: () => number
  /** Lines of its log about requests that have lasted longer than any client does: nobody waited for them any more. */
  readonly slowRequests: () => readonly string[]
  /** Has all of its processes free what nothing refers to, and adds up what is left. */
  readonly measure: () => Promise<Omit<Sample, 'minutes'>>
}

/** Longer than a client waits for anything. */
const SLOW_MS = 5_000

/** How long the request took that a line of the log tells of; 0 where it tells of none. */
function durationOf(line: string): number {
  return Number(/"duration_ms":([\d.]+)/.exec(line)?.[1] ?? 0)
}

/** Starts the built gateway on free ports and waits until it listens. */
export async function startSoakGateway(options: SoakGatewayOptions): Promise<SoakGateway> {
  const { folder, artifactPath, usesTls, workers } = options
  const reportPath = join(folder, 'memory')
  const certificate = usesTls ? await certificateFiles(folder, 'shop.test') : undefined
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, '../../dist/runtime/main.js'),
      '--artifact',
      artifactPath,
      '--listen',
      '127.0.0.1:0',
      '--admin-bind',
      '127.0.0.1:0',
      '--h2c',
      '--allow-plaintext-upstream',
      '--allow-private-upstream',
      '--workers',
      String(workers),
      ...(certificate ? ['--tls-cert', certificate.certPath, '--tls-key', certificate.keyPath] : []),
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'report-memory.mjs')).href}`,
        MEMORY_REPORT: reportPath,
      },
    },
  )
  let logLines = 0
  const slowRequests: string[] = []
  const listening = await new Promise<Record<string, unknown>>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      logLines += 1
      if (durationOf(line) > SLOW_MS) slowRequests.push(line)
      if (line.includes('"listening"')) resolve(JSON.parse(line) as Record<string, unknown>)
    })
  })
  const admin = `http://${String(listening['admin'])}`
  const workerPids = async () => {
    const answer = await (await fetch(`${admin}/_admin/provenance`)).json()
    return (answer as { workers: { pid: number }[] }).workers.map(({ pid }) => pid)
  }
  return {
    process: child,
    port: Number(String(listening['address']).split(':').at(-1)),
    admin,
    logLines: () => logLines,
    slowRequests: () => slowRequests,
    measure: async () => {
      const pids = [...new Set([child.pid as number, ...(await workerPids())])]
      const samples = await Promise.all(pids.map((pid) => measureProcess(pid, `${reportPath}.${pid}`)))
      const sum = (name: keyof Omit<Sample, 'minutes'>) =>
        samples.reduce((total, sample) => total + sample[name], 0)
      return {
        residentMb: sum('residentMb'),
        heapMb: sum('heapMb'),
        externalMb: sum('externalMb'),
        descriptors: sum('descriptors'),
      }
    },
  }
}

async function measureProcess(pid: number, reportPath: string): Promise<Omit<Sample, 'minutes'>> {
  rmSync(reportPath, { force: true })
  process.kill(pid, 'SIGUSR2')
  while (!existsSync(reportPath)) await setTimeout(20)
  const report = JSON.parse(readFileSync(reportPath, 'utf8')) as Record<string, number>
  const mb = (name: string) => (report[name] ?? Number.NaN) / 2 ** 20
  return {
    residentMb: mb('residentBytes'),
    heapMb: mb('heapBytes'),
    externalMb: mb('externalBytes'),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
  }
}
