import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import {
  readWatchState,
  renderWatchMetrics,
  writeWatchState,
  type WatchState,
} from '../../../../src/fleet/index.ts'
import { sumUp } from '../../../../src/fleet/fleet-report.ts'
import { observe } from '../../../../src/fleet/watch/observe.ts'
import { emptyState } from '../../../../src/fleet/watch/watch-state.ts'
import { expectRejection } from '../../../support/expect-problem.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const found = {
  environment: 'production',
  verdict: 'NotVerified',
  reason: 'wrong-key',
  message: 'm',
} as const
const { state } = observe(emptyState, [{ node: 'edge-1', ...found }], 5000)

describe('the state file of a watcher', () => {
  it('is read as it was written, and begins empty', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'watch.json')
    assert.deepEqual(await readWatchState(path), emptyState)
    await writeWatchState(path, state)
    assert.deepEqual(await readWatchState(path), state)
    assert.equal(state.pending.length, 1)
  })

  it('is refused where it is something else, because alerts depend on it', async () => {
    await using folder = await temporaryFolder({
      'no.json': 'no',
      'newer.json': '{"version":"2","nodes":{},"pending":[]}',
      'other.json': '{"version":"1","nodes":{"a":{}},"pending":[]}',
    })
    for (const name of ['no.json', 'newer.json', 'other.json']) {
      const { message } = await expectRejection('BCN_FLEET_STATE', () =>
        readWatchState(join(folder.path, name)),
      )
      assert.match(message, /is no state of this version/)
    }
    await expectRejection('BCN_FLEET_STATE', () => readWatchState(folder.path))
  })
})

describe('renderWatchMetrics', () => {
  it('tells of each node its verdict, how long something has been wrong, and how long asking took', () => {
    const node = {
      node: 'edge-1',
      admin_url: '',
      attested: false,
      claims: null,
      desired: null,
      probe: { duration_ms: 12, attempts: 1 },
      ...found,
    }
    const report = sumUp([node], { verified_at: '', duration_ms: 20, ref: 'HEAD', commit: '' })
    const counts = { polls: 3, failedPolls: 1, alerts: 2, failedDeliveries: 4, lastSuccessMs: 65_000 }
    const text = renderWatchMetrics(report, state, counts, 65_000)
    const samples = text.split('\n').filter((line) => !line.startsWith('#'))
    const labels = 'node="edge-1",environment="production"'
    assert.deepEqual(samples, [
      `barbacane_fleet_node_state{${labels},verdict="InSync"} 0`,
      `barbacane_fleet_node_state{${labels},verdict="ConfigurationDrift"} 0`,
      `barbacane_fleet_node_state{${labels},verdict="TamperedOnDisk"} 0`,
      `barbacane_fleet_node_state{${labels},verdict="NotVerified"} 1`,
      `barbacane_fleet_node_state{${labels},verdict="Unreachable"} 0`,
      `barbacane_fleet_drift_seconds{${labels}} 60`,
      `barbacane_fleet_probe_seconds{${labels}} 0.012`,
      'barbacane_fleet_last_success_timestamp_seconds 65',
      'barbacane_fleet_polls_total{outcome="report"} 3',
      'barbacane_fleet_polls_total{outcome="failure"} 1',
      'barbacane_fleet_alerts_total 2',
      'barbacane_fleet_undelivered_alerts 1',
      'barbacane_fleet_delivery_failures_total 4',
      '',
    ])
    const nothing: WatchState = emptyState
    const before = renderWatchMetrics(undefined, nothing, { ...counts, lastSuccessMs: null }, 0)
    assert.doesNotMatch(before, /^barbacane_fleet_(?:node_state|last_success)/m)
  })
})
