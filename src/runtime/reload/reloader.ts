import { isProblemError, type Digest } from '../../domain/index.ts'
import { runtimeProblems as problems } from '../problems.ts'
import type { Logger, NodeMetrics } from '../telemetry/index.ts'

/** Who asked for a reload. */
export type ReloadTrigger = 'admin' | 'signal' | 'watch'

/** What runs after a reload. */
export interface ReloadResult {
  readonly artifact_hash: Digest
  readonly artifact_digest: Digest
}

/** Replaces what a node serves, one attempt at a time. */
export interface Reloader {
  /**
   * Reads, verifies and loads the artifact again. Whoever asks while an attempt is under way shares the one that follows
   * it, so that any number of requests costs two loads.
   *
   * @throws {ProblemError} why the artifact is not served; what ran before goes on.
   */
  readonly reload: (trigger: ReloadTrigger) => Promise<ReloadResult>
  /** Takes no further requests. */
  readonly stop: () => void
}

export interface ReloaderOptions {
  /** Loads whatever the artifact is now and puts it into service; when it throws, nothing has changed. */
  readonly replace: () => Promise<ReloadResult>
  readonly log: Logger
  readonly metrics: NodeMetrics
}

export function createReloader({ replace, log, metrics }: ReloaderOptions): Reloader {
  let running: Promise<unknown> = Promise.resolve()
  let waiting: Promise<ReloadResult> | undefined
  let isStopped = false
  const attempt = async (trigger: ReloadTrigger): Promise<ReloadResult> => {
    if (isStopped) throw problems.BCN_RELOAD_DRAINING({})
    try {
      const result = await replace()
      metrics.reloaded('loaded')
      log.announce('reloaded', { ...result, trigger })
      return result
    } catch (error) {
      metrics.reloaded('refused')
      log.log('error', 'reload refused, what ran before goes on', { trigger, ...reasonOf(error) })
      throw error
    }
  }
  return {
    reload: (trigger) => {
      if (waiting !== undefined) return waiting
      const next = running.then(() => {
        waiting = undefined
        return attempt(trigger)
      })
      waiting = next
      running = next.catch(() => undefined)
      return next
    },
    stop: () => {
      isStopped = true
    },
  }
}

function reasonOf(error: unknown) {
  if (!isProblemError(error)) return { reason: String(error instanceof Error ? error.stack : error) }
  return { code: error.problem.code, reason: error.problem.message }
}
