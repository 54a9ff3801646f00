import type { Digest } from '../../domain/index.ts'
import type { WorkerReport } from '../admin/index.ts'
import type { ReadArtifact } from '../artifact-source.ts'
import { createCaller, type Caller } from './calls.ts'
import type { WorkerProcess } from './fork-worker.ts'
import type { SentArtifact, WorkerStart } from './worker.ts'

/** What a worker is started with that is the same for all. */
export type StartTemplate = Omit<WorkerStart, 'artifact' | 'writer' | 'share'>

/** A worker has to load and compile an artifact within this time. */
const LOAD_TIMEOUT_MS = 120_000
/** A worker that does not answer a question in this time is told of as one that does not. */
const ASK_TIMEOUT_MS = 2_000
/** More than a worker that ends needs to say so. */
const END_MARGIN_MS = 5_000

/** One worker while it runs. */
export class RunningWorker {
  readonly index: number
  readonly pid: number
  /** Of the artifact that it serves. */
  digest: Digest
  /** It has nothing to compile or to get any more before it answers. */
  isWarm = false
  /** What it has counted when it was asked last. */
  metrics = ''
  readonly #child: WorkerProcess
  readonly #caller: Caller
  #nextId = 0

  /**
   * Starts it and waits until it listens.
   *
   * @throws {ProblemError} why it does not start
   */
  static async start(
    child: WorkerProcess,
    artifact: ReadArtifact,
    start: Omit<WorkerStart, 'artifact'>,
  ): Promise<RunningWorker> {
    const worker = new RunningWorker(child, start.share.index, artifact.artifact.digest)
    try {
      await worker.#caller.call('start', { ...start, artifact: sent(artifact) }, LOAD_TIMEOUT_MS)
      return worker
    } catch (error) {
      child.kill()
      throw error
    }
  }

  private constructor(child: WorkerProcess, index: number, digest: Digest) {
    this.#child = child
    this.#caller = createCaller(child.peer)
    this.index = index
    this.pid = child.pid
    this.digest = digest
  }

  onClose(listener: (reason: string) => void): void {
    this.#child.peer.onClose(listener)
  }

  /** Resolves when it has warmed up, to false where it cannot. @throws {Error} where it goes, or takes very long */
  async warmed(): Promise<boolean> {
    this.isWarm = (await this.#caller.call('warmed', null, LOAD_TIMEOUT_MS)) as boolean
    return this.isWarm
  }

  /**
   * Loads another artifact beside the one that it serves.
   *
   * @throws {ProblemError} why it cannot be served
   */
  async prepare(
    artifact: ReadArtifact,
  ): Promise<{ activate: () => Promise<void>; discard: () => Promise<void> }> {
    const id = this.#nextId++
    await this.#caller.call('prepare', { id, artifact: sent(artifact) }, LOAD_TIMEOUT_MS)
    return {
      activate: async () => {
        await this.#caller.call('activate', id, ASK_TIMEOUT_MS)
        this.digest = artifact.artifact.digest
      },
      discard: async () => void (await this.#caller.call('discard', id, ASK_TIMEOUT_MS)),
    }
  }

  async report(): Promise<WorkerReport> {
    return (await this.#caller.call('report', null, ASK_TIMEOUT_MS)) as WorkerReport
  }

  /** What it has counted; what it had counted before where it does not answer. */
  async readMetrics(): Promise<string> {
    const asked = this.#caller.call('metrics', null, ASK_TIMEOUT_MS)
    this.metrics = (await asked.catch(() => this.metrics)) as string
    return this.metrics
  }

  async targetGroups(): Promise<readonly object[]> {
    return (await this.#caller.call('targets', null, ASK_TIMEOUT_MS)) as readonly object[]
  }

  async reloadCertificates(): Promise<void> {
    await this.#caller.call('certificates', null, LOAD_TIMEOUT_MS)
  }

  async endConnections(): Promise<void> {
    await this.#caller.call('endConnections', null, ASK_TIMEOUT_MS)
  }

  /** Lets it finish for at most this time, and ends it; false where requests had to be cut off. */
  async close(graceMs: number): Promise<boolean> {
    try {
      const isWhole = (await this.#caller.call('close', graceMs, graceMs + END_MARGIN_MS)) as boolean
      this.#child.release()
      return isWhole
    } catch {
      // It has gone or hangs, and whatever it had is cut off.
      this.kill()
      return false
    }
  }

  kill(): void {
    this.#child.kill()
  }
}

function sent({ bytes, path, signature }: ReadArtifact): SentArtifact {
  return { bytes, path, signature }
}
