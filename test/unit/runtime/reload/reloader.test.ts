import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { Digest } from '../../../../src/domain/index.ts'
import { runtimeProblems } from '../../../../src/runtime/index.ts'
import { createReloader, type ReloadResult } from '../../../../src/runtime/reload/index.ts'
import { createLogger } from '../../../../src/runtime/telemetry/index.ts'
import { expectRejection } from '../../../support/expect-problem.ts'

function scene(replace: () => Promise<ReloadResult>) {
  const counted: string[] = []
  let text = ''
  const log = createLogger({ level: 'info', format: 'json', nowMs: () => 0, write: (line) => (text += line) })
  const reloader = createReloader({ replace, log, metrics: { reloaded: (result) => counted.push(result) } })
  const lines = () => {
    log.flush()
    return text
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, unknown>]))
  }
  return { reloader, counted, lines }
}

const resultOf = (number: number): ReloadResult => ({
  artifact_hash: `sha256:${number}` as Digest,
  artifact_digest: `sha256:${number}` as Digest,
})

describe('createReloader', () => {
  it('makes one attempt at a time; whoever asks meanwhile shares the next', async () => {
    const open: (() => void)[] = []
    let underWay = 0
    let attempts = 0
    const { reloader, counted } = scene(async () => {
      underWay += 1
      attempts += 1
      assert.equal(underWay, 1)
      const number = attempts
      await new Promise<void>((resolve) => open.push(resolve))
      underWay -= 1
      return resultOf(number)
    })
    const first = reloader.reload('signal')
    await new Promise((resolve) => setImmediate(resolve))
    const later = Array.from({ length: 100 }, () => reloader.reload('admin'))
    open.shift()?.()
    assert.deepEqual(await first, resultOf(1))
    await new Promise((resolve) => setImmediate(resolve))
    open.shift()?.()
    for (const result of await Promise.all(later)) assert.deepEqual(result, resultOf(2))
    assert.deepEqual([attempts, counted], [2, ['loaded', 'loaded']])
  })

  it('says why an attempt was refused, to the log and to whoever asked, and goes on', async () => {
    let number = 0
    const { reloader, counted, lines } = scene(async () => {
      number += 1
      if (number === 1) throw runtimeProblems.BCN_SCHEMA_UNCOMPILABLE({ reason: 'it is none' })
      if (number === 2) throw new Error('unforeseen')
      return resultOf(number)
    })
    await expectRejection('BCN_SCHEMA_UNCOMPILABLE', () => reloader.reload('watch'))
    await assert.rejects(reloader.reload('watch'), /unforeseen/)
    assert.deepEqual(await reloader.reload('watch'), resultOf(3))
    assert.deepEqual(counted, ['refused', 'refused', 'loaded'])
    assert.deepEqual(
      lines().map(({ level, msg, code }) => [level, msg, code]),
      [
        ['error', 'reload refused, what ran before goes on', 'BCN_SCHEMA_UNCOMPILABLE'],
        ['error', 'reload refused, what ran before goes on', undefined],
        ['info', 'reloaded', undefined],
      ],
    )
  })

  it('takes no requests once the gateway ends', async () => {
    const { reloader, counted } = scene(async () => resultOf(1))
    reloader.stop()
    await expectRejection('BCN_RELOAD_DRAINING', () => reloader.reload('signal'))
    assert.deepEqual(counted, [])
  })
})
