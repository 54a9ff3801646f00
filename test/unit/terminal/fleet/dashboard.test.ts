import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { describe, it } from 'node:test'
import { stripVTControlCharacters } from 'node:util'

import { mountDashboard } from '../../../../src/terminal/fleet/dashboard.ts'
import {
  keepLog,
  layOut,
  remember,
  type DashboardNews,
} from '../../../../src/terminal/fleet/dashboard-view.ts'

type Page = NonNullable<DashboardNews['page']>

const digest = `sha256:${'a'.repeat(64)}`

function nodeLine(node: string, verdict: Page['nodes'][number]['verdict'] = 'InSync'): Page['nodes'][number] {
  const sides = { claims: { artifact_digest: digest, commit: null }, desired: null }
  return {
    node,
    environment: 'production',
    verdict,
    reason: 'file-changed',
    message: '',
    attested: true,
    ...sides,
  }
}

function newsOf(nodes: Page['nodes'], change: Partial<DashboardNews> = {}): DashboardNews {
  const none = {
    InSync: nodes.length,
    ConfigurationDrift: 0,
    TamperedOnDisk: 0,
    NotVerified: 0,
    Unreachable: 0,
  }
  const page = {
    verified: true,
    duration_ms: 5,
    ref: 'main',
    commit: 'c'.repeat(40),
    counts: none,
    nodes,
    drifts: [],
    releases: null,
  }
  return { page, news: [], episodes: new Map(), nowMs: 100_000, ...change }
}

describe('layOut', () => {
  it('shows what is wrong first, with how long it has been so, and as much of the rest as fits', () => {
    const nodes = [
      ...Array.from({ length: 30 }, (_, index) => nodeLine(`n-${index}`)),
      nodeLine('bad', 'TamperedOnDisk'),
    ]
    const history = remember(remember(new Map(), nodes), nodes)
    const news = newsOf(nodes, { episodes: new Map([['bad', 40_000]]) })
    const view = layOut(news, { history, log: [], lines: 24 })
    const [first] = view.rows
    assert.deepEqual(
      [first?.node, first?.words, first?.since, first?.history],
      ['bad', 'tampered', '1 min', 'TT'],
    )
    assert.equal(view.rows.length, 10)
    assert.equal(view.rest, 'and 21 more')
    assert.equal(layOut(news, { history, log: [], lines: 5 }).rows.length, 3)
    assert.equal(layOut({ ...news, page: undefined }, { history, log: [], lines: 24 }).title, 'No report yet')
  })

  it('remembers a bounded past, of nodes that are there', () => {
    let history: ReadonlyMap<string, string> = new Map()
    for (let poll = 0; poll < 100; poll += 1)
      history = remember(history, [nodeLine('a'), nodeLine('b', 'Unreachable')])
    assert.deepEqual([history.get('a')?.length, history.get('b')], [30, 'U'.repeat(30)])
    assert.deepEqual([...remember(history, [nodeLine('b')]).keys()], ['b'])
    assert.equal(keepLog(Array.from({ length: 20 }, String), ['x']).length, 8)
  })
})

describe('mountDashboard', () => {
  it('draws nodes, verdicts, differences, history and the log, and lets no text steer the terminal', async () => {
    const stdout = Object.assign(new PassThrough(), { columns: 140, rows: 30, isTTY: true })
    let drawn = ''
    stdout.on('data', (chunk: Buffer) => (drawn += String(chunk)))
    const dashboard = mountDashboard(stdout as unknown as NodeJS.WriteStream)
    const drift: Page['drifts'][number] = {
      environment: 'production',
      nodes: ['edge-2'],
      running: { artifact_digest: digest, commit: null, dirty: null },
      standing: { kind: 'elsewhere', environments: ['staging'] },
      inputs: [{ path: 'specs/\u001b[2Ja.yaml', desired_sha256: '1', running_sha256: null }],
      api: null,
      notes: [],
    }
    const news = newsOf([nodeLine('edge-1'), nodeLine('edge-2', 'ConfigurationDrift')], {
      news: ['something began'],
    })
    dashboard.show({ ...news, page: { ...(news.page as Page), drifts: [drift] } })
    await new Promise((resolve) => setTimeout(resolve, 200))
    dashboard.close()
    const text = stripVTControlCharacters(drawn)
    assert.match(text, /node +environment +verdict +reason +runs +since +history/)
    assert.match(text, /edge-2 +production +drifted +file-changed +aaaaaaaaaaaa +D/)
    assert.match(text, /edge-1 +production +in sync +aaaaaaaaaaaa +·/)
    assert.match(text, /production, edge-2: it runs what staging pins; specs\/\\u001b\[2Ja\.yaml is missing/)
    assert.match(text, /something began/)
    assert.ok(!drawn.includes('\u001b[2Ja'))
  })
})
