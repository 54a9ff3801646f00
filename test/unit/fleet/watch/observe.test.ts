import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { verdicts, type Verdict } from '../../../../src/fleet/verdict.ts'
import { observe, type Observation } from '../../../../src/fleet/watch/observe.ts'
import {
  emptyState,
  parseWatchState,
  printWatchState,
  type Alert,
  type WatchState,
} from '../../../../src/fleet/watch/watch-state.ts'

const POLL_MS = 60_000

const SHORT: Readonly<Record<string, Verdict>> = {
  '.': 'InSync',
  d: 'ConfigurationDrift',
  t: 'TamperedOnDisk',
  n: 'NotVerified',
  u: 'Unreachable',
}

function observation(verdict: Verdict, node = 'edge-1'): Observation {
  return { node, environment: 'production', verdict, reason: 'x', message: 'm' }
}

/** The alerts of polls, written as `poll:kind verdict`. */
function play(polls: string): readonly string[] {
  let state: WatchState = emptyState
  return polls.split('').flatMap((letter, index) => {
    const seen = observe(state, [observation(SHORT[letter] as Verdict)], index * POLL_MS)
    state = seen.state
    return seen.alerts.map(({ kind, verdict }) => `${index}:${kind} ${verdict}`)
  })
}

describe('observe', () => {
  it('raises one alert when an episode begins and one when it ends', () => {
    assert.deepEqual(play('..dddd....'), ['3:opened ConfigurationDrift', '7:recovered InSync'])
    assert.deepEqual(play('.t..'), ['1:opened TamperedOnDisk', '3:recovered InSync'])
    assert.deepEqual(play('.uuuu..'), ['3:opened Unreachable', '6:recovered InSync'])
  })

  it('waits for what may pass by itself, not for what needs no second look', () => {
    assert.deepEqual(play('.u.uu.d.'), [])
    assert.deepEqual(play('n'), ['0:opened NotVerified'])
    assert.deepEqual(play('.uud'), ['3:opened ConfigurationDrift'])
  })

  it('keeps an episode while another thing is wrong that is not graver', () => {
    assert.deepEqual(play('ddtu.'), [
      '1:opened ConfigurationDrift',
      '2:superseded TamperedOnDisk',
      '2:opened TamperedOnDisk',
    ])
    assert.deepEqual(play('tnduut.d.'), ['0:opened TamperedOnDisk'])
    assert.deepEqual(play('uuuduu'), ['2:opened Unreachable'])
  })

  it('damps what flaps: each episode of an hour needs twice as long to end', () => {
    const alerts = play('t..'.repeat(20))
    assert.deepEqual(alerts, ['0:opened TamperedOnDisk', '2:recovered InSync', '3:opened TamperedOnDisk'])
    assert.deepEqual(play(`t..t....${'.'.repeat(90)}t..`).slice(-2), [
      '98:opened TamperedOnDisk',
      '100:recovered InSync',
    ])
  })

  it('ends the episode of a node that is no longer watched', () => {
    const { state } = observe(emptyState, [observation('NotVerified'), observation('InSync', 'edge-2')], 0)
    const left = observe(state, [], 5)
    assert.deepEqual(
      left.alerts.map(({ kind, node, at_ms: atMs }) => [kind, node, atMs]),
      [['left', 'edge-1', 5]],
    )
    assert.deepEqual(left.state.nodes, {})
  })

  it('cuts long messages off, and forgets no more than the oldest of a thousand alerts', () => {
    const long = { ...observation('NotVerified'), message: 'x'.repeat(100_000) }
    assert.equal(observe(emptyState, [long], 0).alerts[0]?.message.length, 500)
    const many = Array.from({ length: 1500 }, (_, index) => observation('NotVerified', `edge-${index}`))
    const { state } = observe(emptyState, many, 0)
    assert.equal(state.pending.length, 1000)
    assert.equal(state.pending.at(-1)?.node, 'edge-1499')
  })

  it('gives every episode one beginning and one end, in turn, however verdicts change and whenever it restarts', () => {
    const poll = fc.record({
      verdict: fc.constantFrom(...verdicts),
      times: fc.integer({ min: 1, max: 8 }),
      restart: fc.boolean(),
      isThere: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(poll, { maxLength: 60 }), (stretches) => {
        let state: WatchState = emptyState
        let nowMs = 0
        const alerts: Alert[] = []
        for (const { verdict, times, restart, isThere } of stretches) {
          for (let time = 0; time < times; time += 1) {
            nowMs += POLL_MS
            const seen = observe(state, isThere ? [observation(verdict)] : [], nowMs)
            alerts.push(...seen.alerts)
            state = restart ? parseWatchState(printWatchState(seen.state)) : seen.state
            assert.ok((state.nodes['edge-1']?.openings_ms.length ?? 0) <= 8)
          }
        }
        let open: string | undefined
        for (const { kind, episode } of alerts) {
          assert.equal(open, kind === 'opened' ? undefined : episode)
          open = kind === 'opened' ? episode : undefined
        }
        assert.equal(open, state.nodes['edge-1']?.episode?.id)
        assert.equal(new Set(alerts.map(({ id }) => id)).size, alerts.length)
      }),
      { numRuns: 300 },
    )
  })
})
