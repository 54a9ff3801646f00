import { isProblemError } from '../../domain/index.ts'
import type { ReadArtifact } from '../artifact-source.ts'
import type { Logger, WorkerMetrics } from '../telemetry/index.ts'
import { createBackoff } from './backoff.ts'
import type { WorkerProcess } from './fork-worker.ts'
import { RunningWorker, type StartTemplate } from './worker-slot.ts'

export interface WorkerSetOptions {
  readonly count: number
  readonly template: StartTemplate
  readonly fork: () => WorkerProcess
  readonly log: Logger
  readonly metrics: WorkerMetrics
  readonly monotonicMs: () => number
  /** Told of a worker that has gone, with what it had counted. */
  readonly onGone: (worker: RunningWorker) => void
}

/** So many workers that serve the same artifact; one that ends is started again. */
export class WorkerSet {
  readonly #options: WorkerSetOptions
  readonly #running = new Map<number, RunningWorker>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #artifact: ReadArtifact
  #nextWriter = 1
  #isClosing = false
  #wasReady = false

  private constructor(artifact: ReadArtifact, options: WorkerSetOptions) {
    this.#artifact = artifact
    this.#options = options
  }

  /** @throws {ProblemError} why one of them does not start; none is left then. */
  static async start(artifact: ReadArtifact, options: WorkerSetOptions): Promise<WorkerSet> {
    const set = new WorkerSet(artifact, options)
    const starts = Array.from({ length: options.count }, (_, index) => set.#start(index, createBackoff()))
    const failed = (await Promise.allSettled(starts)).find(({ status }) => status === 'rejected')
    if (failed === undefined) return set
    set.kill()
    throw (failed as PromiseRejectedResult).reason
  }

  get artifact(): ReadArtifact {
    return this.#artifact
  }

  get running(): readonly RunningWorker[] {
    return [...this.#running.values()].toSorted((a, b) => a.index - b.index)
  }

  /** True from when all of them are warm, for as long as one that is serves. */
  get isReady(): boolean {
    return this.#wasReady && this.running.some(({ isWarm }) => isWarm)
  }

  /**
   * Has all of them load an artifact, and then, only where all of them could, serve it.
   *
   * @throws {ProblemError} why it cannot be served; all of them go on as before.
   */
  async replace(next: ReadArtifact): Promise<void> {
    const workers = this.running
    const outcomes = await Promise.allSettled(workers.map((worker) => worker.prepare(next)))
    const prepared = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    const reasons = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
    // A worker that has died meanwhile is started again; one that refuses is the reason to stay.
    const refusal = reasons.find(isProblemError) ?? (prepared.length === 0 ? reasons[0] : undefined)
    if (refusal !== undefined) {
      await Promise.allSettled(prepared.map(({ discard }) => discard()))
      throw refusal
    }
    this.#artifact = next
    await Promise.allSettled(prepared.map(({ activate }) => activate()))
    for (const worker of this.running) await this.#catchUp(worker)
  }

  async close(graceMs: number): Promise<boolean> {
    this.#isClosing = true
    for (const timer of this.#timers) clearTimeout(timer)
    const ended = await Promise.all(this.running.map((worker) => worker.close(graceMs)))
    return ended.every(Boolean)
  }

  kill(): void {
    this.#isClosing = true
    for (const worker of this.running) worker.kill()
  }

  async #start(index: number, waitAfter: (ranMs: number) => number): Promise<void> {
    const { count, template, fork, log, monotonicMs } = this.#options
    const startedMs = monotonicMs()
    const worker = await RunningWorker.start(fork(), this.#artifact, {
      ...template,
      share: { index, count },
      writer: this.#nextWriter++,
    })
    if (this.#isClosing) return worker.kill()
    this.#running.set(index, worker)
    worker.onClose((reason) => {
      this.#running.delete(index)
      this.#options.onGone(worker)
      if (this.#isClosing) return
      const waitMs = waitAfter(monotonicMs() - startedMs)
      const facts = { worker: index, pid: worker.pid, reason, restart_ms: waitMs }
      log.log('error', 'a worker has gone and is started again', facts)
      this.#startLater(index, waitAfter, waitMs)
    })
    void this.#warm(worker)
    await this.#catchUp(worker)
  }

  /** Waits until it is warm, however long that takes. */
  async #warm(worker: RunningWorker): Promise<void> {
    const isRunning = () => this.#running.get(worker.index) === worker
    for (let isAnswered = false; !isAnswered && isRunning();) {
      isAnswered = await worker.warmed().then(
        () => true,
        () => false,
      )
    }
    const { running } = this
    this.#wasReady ||= running.length === this.#options.count && running.every(({ isWarm }) => isWarm)
  }

  #startLater(index: number, waitAfter: (ranMs: number) => number, waitMs: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#options.metrics.restarted()
      this.#start(index, waitAfter).catch((error: unknown) => {
        if (this.#isClosing) return
        const nextMs = waitAfter(0)
        const facts = { worker: index, reason: String(error), restart_ms: nextMs }
        this.#options.log.log('error', 'a worker does not start', facts)
        this.#startLater(index, waitAfter, nextMs)
      })
    }, waitMs)
    this.#timers.add(timer)
  }

  /** A worker that was started while the others were told of another artifact is told of it, too. */
  async #catchUp(worker: RunningWorker): Promise<void> {
    try {
      while (worker.digest !== this.#artifact.artifact.digest && this.#running.get(worker.index) === worker) {
        const prepared = await worker.prepare(this.#artifact)
        await prepared.activate()
      }
    } catch (error) {
      this.#options.log.log('error', 'a worker does not take what the others serve, and is started again', {
        worker: worker.index,
        reason: String(error),
      })
      worker.kill()
    }
  }
}
