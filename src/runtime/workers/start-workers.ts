import { createServer } from 'node:net'
import { tmpdir } from 'node:os'

import type { Digest } from '../../domain/index.ts'
import { listenAdmin, type ProvenanceSource, type Readiness, type WorkerReport } from '../admin/index.ts'
import type { ReadArtifact } from '../artifact-source.ts'
import type { GatewayNode, NodeOptions } from '../gateway-node.ts'
import { bind, type ListenAddress } from '../http/index.ts'
import { createWorkerMetrics, MetricRegistry } from '../telemetry/index.ts'
import { withAbsolutePaths } from '../tls/index.ts'
import { FIRST_FILE, forkWorker } from './fork-worker.ts'
import { openRing } from './open-ring.ts'
import { mergeExpositions } from './merge-metrics.ts'
import type { RunningWorker } from './worker-slot.ts'
import { WorkerSet } from './worker-set.ts'

const TURN_INTERVAL_MS = 100
const MEMORY_FOLDER = '/dev/shm'

export interface WorkersOptions extends NodeOptions {
  readonly count: number
  /** The program that a worker runs. */
  readonly entry: string
}

/**
 * Serves an artifact by several processes on one port. This one serves nothing itself: it starts them again, tells them
 * what to do, and answers for all of them on the admin listener.
 *
 * @throws {ProblemError} as a gateway in one process does, and BCN_WORKERS_LOG
 */
export async function startWorkers(options: WorkersOptions): Promise<GatewayNode> {
  const { count, entry, host, log, settings, version, serve } = options
  const publicAddress = await freeAddress(serve.listen)
  const ring = openRing(MEMORY_FOLDER, tmpdir())
  const timer = setInterval(ring.turn, TURN_INTERVAL_MS).unref()
  const registry = new MetricRegistry()
  const known = new Map<Digest, ProvenanceSource>()
  const startedAtMs = host.nowMs()
  let gone = ''
  let isDraining = false
  let answersFor: Digest | undefined
  const fork = () => forkWorker({ entry, files: ring.files, writeLog: host.writeLog })
  const template = {
    flags: settings.flags,
    listen: { ...publicAddress, isShared: true },
    files: ring.files.map((_, index) => FIRST_FILE + index),
    version,
    node: options.identity.name,
  }
  const learn = ({ artifact, path, signature }: ReadArtifact) => {
    const source = { artifact, artifactPath: path, loadedAtMs: host.nowMs() }
    known.set(artifact.digest, { ...source, signature: signature ?? { status: 'unsigned' } })
    if (known.size > 2) known.delete(known.keys().next().value as Digest)
  }
  learn(options.first)
  const set: WorkerSet = await WorkerSet.start(options.first, {
    count,
    template,
    fork,
    log,
    metrics: createWorkerMetrics(registry, () => set.running.length),
    monotonicMs: host.monotonicMs,
    onGone: ({ metrics }) => {
      gone = mergeExpositions([{ text: gone }, { text: metrics, isGone: true }])
    },
  }).catch((error: unknown) => {
    clearInterval(timer)
    ring.close()
    throw error
  })
  const each = <T>(ask: (worker: RunningWorker) => Promise<T>) => Promise.allSettled(set.running.map(ask))
  const readiness = (): Readiness => (isDraining ? 'draining' : set.isReady ? 'ready' : 'warming')
  const current = () => known.get(answersFor ?? set.artifact.artifact.digest) as ProvenanceSource
  const reports = async (): Promise<readonly WorkerReport[]> => {
    const workers = set.running
    const told = await each((worker) => worker.report())
    // Where one worker runs something else, that is what the node answers for.
    answersFor = workers.find(
      ({ digest }) => digest !== set.artifact.artifact.digest && known.has(digest),
    )?.digest
    return workers.map(({ index, pid }, at) => {
      const one = told[at]
      return one?.status === 'fulfilled' ? one.value : { worker: index, pid, configurations: [] }
    })
  }
  const admin = await listenAdmin(
    {
      ...serve,
      adminTls: serve.adminTls && withAbsolutePaths(serve.adminTls, host.cwd),
      adminToken: options.adminToken,
    },
    host,
    {
      current,
      workers: reports,
      readiness,
      reloadCall: options.reloadCall,
      targetGroups: async () =>
        (await each((worker) => worker.targetGroups())).flatMap((one, at) =>
          one.status === 'fulfilled' ? one.value.map((group) => ({ worker: at, ...group })) : [],
        ),
      renderMetrics: async () => {
        const texts = await Promise.all(set.running.map((worker) => worker.readMetrics()))
        return mergeExpositions([gone, ...texts, registry.render()].map((text) => ({ text })))
      },
      node: { identity: options.identity, version, startedAtMs },
      nowMs: host.nowMs,
      monotonicMs: host.monotonicMs,
      log,
    },
  ).catch(async (error: unknown) => {
    await set.close(0)
    clearInterval(timer)
    ring.close()
    throw error
  })
  return {
    publicAddress,
    adminAddress: admin?.address ?? null,
    registry,
    running: () => set.artifact.artifact,
    replace: async (next) => {
      learn(next)
      await set.replace(next)
      learn(next)
    },
    reloadCertificates: async () => {
      await Promise.all([each((worker) => worker.reloadCertificates()), admin?.reloadCertificates()])
    },
    endConnections: () => {
      isDraining = true
      void each((worker) => worker.endConnections())
    },
    close: async (graceMs) => {
      isDraining = true
      const isWhole = await set.close(graceMs)
      clearInterval(timer)
      ring.close()
      await admin?.close()
      return isWhole
    },
  }
}

/**
 * An address that nobody listens on, other gateways with workers included: those would share it without a word.
 *
 * @throws {ProblemError} BCN_LISTEN_…
 */
async function freeAddress(wanted: ListenAddress): Promise<ListenAddress> {
  const server = createServer()
  const address = await bind(server, wanted)
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return address
}
