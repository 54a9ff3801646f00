import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { runtimeProblems } from '../../../src/runtime/index.ts'
import { createBackoff } from '../../../src/runtime/workers/backoff.ts'
import { createCaller, serveCalls, type Peer } from '../../../src/runtime/workers/calls.ts'
import { mergeExpositions } from '../../../src/runtime/workers/merge-metrics.ts'
import { openRing } from '../../../src/runtime/workers/open-ring.ts'
import { expectProblem, expectRejection } from '../../support/expect-problem.ts'

/** Two ends that hear of each other in the next turn. */
function peers(): { readonly ends: readonly [Peer, Peer]; readonly close: (reason: string) => void } {
  const listeners: [((message: unknown) => void)[], ((message: unknown) => void)[]] = [[], []]
  const closers: ((reason: string) => void)[] = []
  const end = (own: 0 | 1): Peer => ({
    send: (message) =>
      setImmediate(() =>
        listeners[own === 0 ? 1 : 0].forEach((listener) => listener(structuredClone(message))),
      ),
    onMessage: (listener) => void listeners[own].push(listener),
    onClose: (listener) => void closers.push(listener),
  })
  return { ends: [end(0), end(1)], close: (reason) => closers.forEach((closer) => closer(reason)) }
}

describe('calls between processes', () => {
  it('give back values, problems and faults, each to who has asked', async () => {
    const { ends } = peers()
    serveCalls(ends[1], {
      double: (number: number) => number * 2,
      refuse: () => {
        throw runtimeProblems.BCN_SCHEMA_UNCOMPILABLE({ reason: 'no' })
      },
      fail: async () => {
        throw new Error('unforeseen')
      },
    })
    const { call } = createCaller(ends[0])
    const double = call('double', 4, 1000)
    await expectRejection('BCN_SCHEMA_UNCOMPILABLE', () => call('refuse', null, 1000))
    await assert.rejects(call('fail', null, 1000), /unforeseen/)
    await assert.rejects(call('nonsense', null, 1000), /there is no nonsense/)
    assert.equal(await double, 8)
  })

  it('end when the other process does not answer, or goes', async () => {
    const { ends, close } = peers()
    const { call } = createCaller(ends[0])
    await assert.rejects(call('silence', null, 1), /does not answer silence/)
    const waiting = call('silence', null, 60_000)
    close('SIGKILL')
    await assert.rejects(waiting, /has gone: SIGKILL/)
    await assert.rejects(call('silence', null, 60_000), /has gone: SIGKILL/)
  })
})

describe('the metrics of several processes', () => {
  const one = [
    '# HELP a_total Counts.',
    '# TYPE a_total counter',
    'a_total{path="/x y"} 2',
    '# HELP b_seconds Times.',
    '# TYPE b_seconds histogram',
    'b_seconds_bucket{le="1"} 1',
    'b_seconds_bucket{le="+Inf"} 2',
    'b_seconds_sum 2.5',
    'b_seconds_count 2',
    '# HELP c Open.',
    '# TYPE c gauge',
    'c 3',
    '# TYPE build_info gauge',
    'build_info{v="1"} 1',
    '# TYPE target_up gauge',
    'target_up{t="a"} 1',
    '# TYPE process_start_time_seconds gauge',
    'process_start_time_seconds 10',
    '',
  ].join('\n')
  const two = one
    .replace('c 3', 'c 4')
    .replace('up{t="a"} 1', 'up{t="a"} 0')
    .replace('seconds 10', 'seconds 20')

  it('are added; the worst state, the earliest time and what only describes stay', () => {
    const lines = mergeExpositions([{ text: one }, { text: two }]).split('\n')
    assert.deepEqual(
      lines.filter((line) => !line.startsWith('#') && line !== ''),
      [
        'a_total{path="/x y"} 4',
        'b_seconds_bucket{le="1"} 2',
        'b_seconds_bucket{le="+Inf"} 4',
        'b_seconds_sum 5',
        'b_seconds_count 4',
        'c 7',
        'build_info{v="1"} 1',
        'target_up{t="a"} 0',
        'process_start_time_seconds 10',
      ],
    )
    assert.equal(lines.filter((line) => line.startsWith('# TYPE a_total')).length, 1)
  })

  it('of a process that has gone are what it has counted, and nothing of what it had', () => {
    const merged = mergeExpositions([{ text: one, isGone: true }, { text: two }])
    assert.match(merged, /^a_total\{path="\/x y"\} 4$/m)
    assert.match(merged, /^c 4$/m)
    const gone = mergeExpositions([{ text: '' }, { text: one, isGone: true }])
    assert.match(gone, /^b_seconds_count 2$/m)
    assert.doesNotMatch(gone, /^c /m)
  })

  it('of one process are as it has said them', () => {
    assert.equal(mergeExpositions([{ text: one }]), one)
  })
})

it('starts come later the more often they fail, and soon again after one that has lasted', () => {
  const wait = createBackoff()
  assert.deepEqual([0, 0, 0, 0, 60_000, 0].map(wait), [100, 200, 400, 800, 100, 200])
  for (let start = 0; start < 20; start += 1) wait(0)
  assert.equal(wait(0), 30_000)
})

it('the log of workers is in memory where there is such a folder, and somewhere at all', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ring-'))
  openRing('/nonexistent', folder).close()
  assert.deepEqual(readdirSync(folder), [])
  rmSync(folder, { recursive: true })
  const problem = expectProblem('BCN_WORKERS_LOG', () => openRing('/nonexistent', '/nonexistent/either'))
  assert.match(problem.message, /no such file/)
})
