import { isProblemError, type Problem } from '../../domain/index.ts'
import type { FleetReport } from '../fleet-report.ts'
import { observe } from './observe.ts'
import type { WatchCounts } from './render-metrics.ts'
import { deliverAlerts, type Webhook, type WebhookHost } from './webhook.ts'
import type { Alert, WatchState } from './watch-state.ts'

/** What a watcher tells while it runs. */
export type WatchEvent =
  | { readonly kind: 'polled'; readonly report: FleetReport; readonly alerts: readonly Alert[] }
  /** A poll came to no report, e.g. because the fleet file of the ref is wrong. */
  | { readonly kind: 'poll-failed'; readonly problem: Problem }
  /** Alerts stay in the state and are delivered later; none of them where the receiver wants none. */
  | { readonly kind: 'delivery-failed'; readonly reason: string; readonly left: number }

export interface Watcher {
  readonly intervalMs: number
  readonly poll: () => Promise<FleetReport>
  /** Undefined where alerts are only told. */
  readonly webhook: Webhook | undefined
  readonly save: (state: WatchState) => Promise<void>
  readonly tell: (event: WatchEvent, state: WatchState, counts: WatchCounts) => void
  /** Ends after so many polls; undefined for one that goes on until it is stopped. */
  readonly maxPolls?: number | undefined
}

/**
 * Polls a fleet until the signal comes, and tells about the episodes of its nodes. What is remembered is saved before
 * anything is told or sent: whatever happens in between, an alert of an episode is not raised a second time.
 *
 * @throws what `save` throws: without memory no alert could be relied on. A poll that fails does not end it.
 */
export async function watchFleet(
  begin: WatchState,
  watcher: Watcher,
  host: WebhookHost,
): Promise<WatchCounts> {
  const { poll, webhook, save, tell } = watcher
  let state = webhook === undefined ? { ...begin, pending: [] } : begin
  let counts: WatchCounts = { polls: 0, failedPolls: 0, alerts: 0, failedDeliveries: 0, lastSuccessMs: null }
  const keep = async (next: WatchState) => {
    state = next
    await save(next)
  }
  const ask = async () => {
    try {
      return await poll()
    } catch (error) {
      if (!isProblemError(error)) throw error
      counts = { ...counts, failedPolls: counts.failedPolls + 1 }
      tell({ kind: 'poll-failed', problem: error.problem }, state, counts)
      return undefined
    }
  }
  const takeIn = async (report: FleetReport) => {
    const { state: observed, alerts } = observe(state, report.nodes, host.nowMs())
    await keep(webhook === undefined ? { ...observed, pending: [] } : observed)
    const { polls, alerts: told } = counts
    counts = { ...counts, polls: polls + 1, alerts: told + alerts.length, lastSuccessMs: host.nowMs() }
    tell({ kind: 'polled', report, alerts }, state, counts)
  }
  const deliver = async (to: Webhook) => {
    if (state.pending.length === 0) return
    const { left, fault } = await deliverAlerts(state.pending, to, host)
    if (left.length < state.pending.length) await keep({ ...state, pending: left })
    if (fault === undefined) return
    counts = { ...counts, failedDeliveries: counts.failedDeliveries + 1 }
    tell({ kind: 'delivery-failed', reason: fault, left: left.length }, state, counts)
  }
  try {
    while (!host.signal.aborted) {
      const report = await ask()
      if (report !== undefined) await takeIn(report)
      if (webhook !== undefined) await deliver(webhook)
      if (watcher.maxPolls !== undefined && counts.polls + counts.failedPolls >= watcher.maxPolls) break
      // Watchers that were started together must not ask together.
      await host.wait(watcher.intervalMs * (0.9 + 0.2 * host.random()), host.signal)
    }
  } catch (error) {
    // Being stopped is how it ends.
    if (!host.signal.aborted) throw error
  }
  return counts
}
