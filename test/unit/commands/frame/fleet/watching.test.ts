import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { explainChanges } from '../../../../../src/commands/frame/fleet/explain-changes.ts'
import { openWebhook } from '../../../../../src/commands/frame/fleet/open-webhook.ts'
import { watchJson, watchLines } from '../../../../../src/commands/frame/fleet/render-watch-event.ts'
import type { Alert, FleetReport, NodeReport } from '../../../../../src/fleet/index.ts'
import { createStyle } from '../../../../../src/terminal/index.ts'
import { expectProblem } from '../../../../support/expect-problem.ts'

const digest = (digit: string) => `sha256:${digit.repeat(64)}` as const

function reportOf(running: string, commit = 'c'): FleetReport {
  const node: NodeReport = {
    node: 'edge-1',
    environment: 'production',
    admin_url: '',
    verdict: 'ConfigurationDrift',
    reason: 'artifact-differs',
    message: '',
    attested: true,
    claims: {
      artifact_hash: digest(running),
      artifact_digest: digest(running),
      on_disk_digest: null,
      commit: null,
      dirty: null,
      version: '',
      started_at: '',
      loaded_at: '',
    },
    desired: null,
    probe: null,
  }
  const counts = { InSync: 0, ConfigurationDrift: 1, TamperedOnDisk: 0, NotVerified: 0, Unreachable: 0 }
  const about = { verified: false, verified_at: '', duration_ms: 5, ref: 'main', commit, unattested: 0 }
  return { ...about, counts, nodes: [node] }
}

describe('explainChanges', () => {
  it('explains anew only where another artifact drifted or another commit says what is desired', async () => {
    let explained = 0
    const explain = explainChanges(async () => {
      explained += 1
      return []
    })
    for (const report of [
      reportOf('a'),
      reportOf('a'),
      reportOf('b'),
      reportOf('b', 'd'),
      reportOf('b', 'd'),
    ])
      await explain({ report })
    assert.equal(explained, 3)
  })
})

describe('openWebhook', () => {
  it('takes https, and http to this machine, with a secret of the environment; it repeats neither', () => {
    const secret = `whsec_${Buffer.alloc(32).toString('base64')}`
    const host = (env: Record<string, string>) => ({
      nowMs: () => 0,
      env,
      cwd: '/',
      signal: new AbortController().signal,
    })
    const good = host({ BARBACANE_WEBHOOK_SECRET: secret })
    assert.equal(openWebhook(undefined, good), undefined)
    assert.equal(openWebhook('https://alerts.example/t0ken', good)?.url.pathname, '/t0ken')
    assert.equal(openWebhook('http://127.0.0.1:80/', good)?.secret.byteLength, 32)
    for (const url of ['http://alerts.example/t0ken', 'ftp://127.0.0.1/t0ken', 't0ken']) {
      const { message, hint } = expectProblem('BCN_FLEET_WEBHOOK', () => openWebhook(url, good))
      assert.doesNotMatch(message + hint, /t0ken/)
    }
    expectProblem('BCN_FLEET_WEBHOOK', () => openWebhook('https://alerts.example', host({})))
  })
})

describe('the lines of a watcher', () => {
  const alert: Alert = {
    id: 'x',
    kind: 'opened',
    episode: 'edge-1/0',
    at_ms: 60_000,
    opened_ms: 0,
    node: 'edge-1',
    environment: 'production',
    verdict: 'ConfigurationDrift',
    reason: 'artifact-differs',
    message: 'It runs\nanother.',
  }
  const context = { style: createStyle(false), nowMs: 0 }

  it('tell alerts, and counts only when they change', () => {
    const report = reportOf('a')
    const lines = watchLines(
      { kind: 'polled', report, alerts: [alert, { ...alert, kind: 'recovered' }] },
      undefined,
      context,
    )
    assert.deepEqual(lines, [
      '1970-01-01T00:00:00.000Z ALERT edge-1 (production) ConfigurationDrift artifact-differs: It runs another.',
      '1970-01-01T00:00:00.000Z recovered edge-1 (production) after 1 min',
      '1970-01-01T00:00:00.000Z not in sync 1 node compared with main (c) in 5 ms: 0 in sync, 1 drifted, 0 tampered, 0 not verified, 0 unreachable.',
    ])
    assert.deepEqual(watchLines({ kind: 'polled', report, alerts: [] }, report, context), [])
    const failed = watchLines(
      { kind: 'delivery-failed', reason: 'it answered 503', left: 2 },
      report,
      context,
    )
    assert.deepEqual(failed, ['1970-01-01T00:00:00.000Z webhook it answered 503; 2 alerts wait'])
  })

  it('are JSON where that is asked for', () => {
    const lines = watchJson({ kind: 'polled', report: reportOf('a'), alerts: [alert] }, 0)
    const [polled, told] = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    assert.deepEqual(
      [polled?.['event'], polled?.['ref'], told?.['event'], told?.['alert']],
      ['polled', 'main', 'alert', alert],
    )
  })
})
