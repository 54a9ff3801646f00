import { resolve } from 'node:path'

import type { Host } from '../../../domain/index.ts'
import {
  readWatchState,
  renderWatchMetrics,
  watchFleet,
  writeWatchState,
  type WatchCounts,
  type WatchEvent,
  type WatchState,
} from '../../../fleet/index.ts'
import { openFleetInspection, type FleetResult } from './inspect-fleet.ts'
import type { FleetFlagValues } from './fleet-flags.ts'
import { listenForMetrics } from './metrics-listener.ts'
import { openWebhook, postByFetch } from './open-webhook.ts'
import { createProbeHost } from './probe-host.ts'
import type { WatchFlagValues } from './watch-flags.ts'

/** The `result` of `verify --fleet --watch`, once it is stopped. */
export interface WatchResult {
  readonly polls: number
  readonly failed_polls: number
  readonly alerts: number
}

/** Shows what a watcher tells. */
export interface WatchScreen {
  readonly show: (event: WatchEvent, found: FleetResult | undefined, state: WatchState) => void
  readonly note: (text: string) => void
  readonly close: () => void
}

interface WatchMeans {
  readonly host: Host
  readonly version: string
  readonly screen: WatchScreen
}

/**
 * Watches a fleet until the signal comes.
 *
 * @throws {ProblemError} BCN_FLEET_STATE, BCN_FLEET_WEBHOOK, BCN_LISTEN_…, BCN_ARTIFACT_NOT_WRITTEN; a poll that fails
 *   is told and does not end it
 */
export async function runWatch(
  named: string | undefined,
  flags: FleetFlagValues & WatchFlagValues,
  { host, version, screen }: WatchMeans,
): Promise<WatchResult> {
  const webhook = openWebhook(flags.webhook, host)
  const statePath = flags['state-file'] && resolve(host.cwd, flags['state-file'])
  const begin: WatchState = statePath ? await readWatchState(statePath) : { nodes: {}, pending: [] }
  const inspect = await openFleetInspection(named, flags, { host, version })
  let found: FleetResult | undefined
  let now: { readonly state: WatchState; readonly counts: WatchCounts } = {
    state: begin,
    counts: { polls: 0, failedPolls: 0, alerts: 0, failedDeliveries: 0, lastSuccessMs: null },
  }
  const address = flags['metrics-listen']
  const render = () => renderWatchMetrics(found, now.state, now.counts, host.nowMs())
  const metrics = address === undefined ? undefined : await listenForMetrics(address, render)
  if (metrics !== undefined) screen.note(`Metrics are at http://${metrics.address}/metrics.`)
  try {
    const counts = await watchFleet(
      begin,
      {
        intervalMs: (flags.interval ?? 60) * 1000,
        maxPolls: flags.polls,
        webhook,
        poll: async () => (found = await inspect()),
        save: async (state) => (statePath ? writeWatchState(statePath, state) : undefined),
        tell: (event, state, counts) => {
          now = { state, counts }
          screen.show(event, found, state)
        },
      },
      { ...createProbeHost(host), post: postByFetch },
    )
    return { polls: counts.polls, failed_polls: counts.failedPolls, alerts: counts.alerts }
  } finally {
    metrics?.close()
    screen.close()
  }
}
