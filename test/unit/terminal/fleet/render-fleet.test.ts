import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import {
  createStyle,
  renderFleet,
  renderFleetJunit,
  renderFleetMarkdown,
  type FleetPage,
} from '../../../../src/terminal/index.ts'

const plain = createStyle(false)
const [pinned, old] = ['a', 'b'].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string]
const release = { author: 'A. Author <a@example.com>', committed_at: '2026-01-02T03:04:05.000Z' }

function nodeLine(
  node: string,
  change: Partial<FleetPage['nodes'][number]> = {},
): FleetPage['nodes'][number] {
  return {
    node,
    environment: 'production',
    verdict: 'InSync',
    reason: 'in-sync',
    message: 'It runs what is pinned.',
    attested: true,
    claims: { artifact_digest: pinned, commit: null },
    desired: { artifact_digest: pinned, commit: null },
    ...change,
  }
}

const drifted = nodeLine('edge-2', {
  verdict: 'ConfigurationDrift',
  reason: 'artifact-differs',
  message: 'It runs another artifact than is pinned.',
  claims: { artifact_digest: old, commit: null },
})
const dead = nodeLine('edge-3', {
  verdict: 'Unreachable',
  reason: 'timeout',
  message: 'Nothing was learnt: \u001b[2J<b>|@all.',
  attested: false,
  claims: null,
})

function pageOf(nodes: FleetPage['nodes'], drifts: FleetPage['drifts'] = []): FleetPage {
  const count = (wanted: string) => nodes.filter(({ verdict }) => verdict === wanted).length
  return {
    verified: count('InSync') === nodes.length,
    duration_ms: 210,
    ref: 'origin/main',
    commit: 'c'.repeat(40),
    counts: {
      InSync: count('InSync'),
      ConfigurationDrift: count('ConfigurationDrift'),
      TamperedOnDisk: count('TamperedOnDisk'),
      NotVerified: count('NotVerified'),
      Unreachable: count('Unreachable'),
    },
    nodes,
    drifts,
    releases: null,
  }
}

const drift: FleetPage['drifts'][number] = {
  environment: 'production',
  nodes: ['edge-2'],
  running: { artifact_digest: old, commit: 'd'.repeat(40), dirty: true },
  standing: {
    kind: 'behind',
    releases: 2,
    release: { ...release, commit: 'e'.repeat(40), subject: 'Begin' },
    superseded_by: { ...release, commit: 'f'.repeat(40), subject: 'Sell [books](x)' },
  },
  inputs: [
    { path: 'specs/a.yaml', desired_sha256: '1', running_sha256: '2' },
    { path: 'specs/b.yaml', desired_sha256: '1', running_sha256: null },
    { path: 'specs/c.yaml', desired_sha256: null, running_sha256: '2' },
  ],
  api: {
    counts: { breaking: 1, risky: 0, safe: 0 },
    changes: [
      {
        id: 'operation-removed',
        subject: { operation: 'GET /books', pointer: '' },
        level: 'breaking',
        before: null,
        after: null,
        reason: '',
      },
    ],
  },
  notes: ['Something is missing.'],
}

describe('renderFleet', () => {
  it('shows every node, what is wrong with it and how drifted ones differ; the last line counts', () => {
    const unattested = nodeLine('edge-1', { attested: false })
    assert.equal(
      renderFleet(pageOf([unattested, drifted, dead], [drift]), plain),
      `node    environment  verdict      reason            runs          desired
edge-1  production   in sync      not attested      aaaaaaaaaaaa  aaaaaaaaaaaa
edge-2  production   drifted      artifact-differs  bbbbbbbbbbbb  aaaaaaaaaaaa
edge-3  production   unreachable  timeout           -             aaaaaaaaaaaa

edge-2: It runs another artifact than is pinned.
edge-3: Nothing was learnt: \\u001b[2J<b>|@all.

production: edge-2 runs bbbbbbbbbbbb of commit dddddddddddd, with changes
  2 releases behind: it runs “Begin” (eeeeeeeeeeee by A. Author <a@example.com> at 2026-01-02T03:04:05Z)
  superseded by “Sell [books](x)” (ffffffffffff by A. Author <a@example.com> at 2026-01-02T03:04:05Z): out of date since then
  inputs: specs/a.yaml differs, specs/b.yaml is missing, specs/c.yaml should not be there
  API, what runs instead of what is desired: 1 breaking, 0 risky, 0 safe
    breaking  operation-removed  GET /books
  Something is missing.

not in sync 3 nodes compared with origin/main (cccccccccccc) in 210 ms: 1 in sync, 1 drifted, 0 tampered, 0 not verified, 1 unreachable.`,
    )
  })

  it('counts the nodes of a large fleet that are in sync instead of listing them', () => {
    const many = Array.from({ length: 100 }, (_, index) => nodeLine(`edge-${index}`))
    const text = renderFleet(pageOf(many), plain)
    assert.match(text, /^in sync 100 nodes compared with .*: 100 in sync, 0 drifted/)
    const wrong = renderFleet(
      pageOf(Array.from({ length: 70 }, (_, index) => ({ ...dead, node: `n-${index}` }))),
      plain,
    )
    assert.match(wrong, /and 20 others; --json lists all of them/)
    assert.doesNotMatch(wrong, /n-50/)
  })

  it('tells where else what runs belongs', () => {
    const told = (standing: FleetPage['drifts'][number]['standing'], nodes = ['edge-2']) =>
      renderFleet(pageOf([drifted], [{ ...drift, standing, nodes, inputs: [], api: null }]), plain)
    assert.match(
      told({ kind: 'elsewhere', environments: ['staging', 'dev'] }),
      /it runs what staging and dev pins/,
    )
    assert.match(told({ kind: 'unknown', history_complete: true }), /no release of this environment ever was/)
    assert.match(told({ kind: 'unknown', history_complete: false }), /the history is cut off/)
    const ahead = {
      kind: 'ahead',
      releases: 1,
      release: { ...release, commit: 'e'.repeat(40), subject: 'Next' },
    } as const
    assert.match(told(ahead), /1 release ahead: it runs “Next”/)
    assert.match(told(ahead), /inputs: the same/)
    const many = Array.from({ length: 12 }, (_, index) => `n${index}`)
    assert.match(told(ahead, many), /n9, 2 more run bbbbbbbbbbbb/)
  })
})

describe('renderFleetMarkdown', () => {
  it('puts first what is not in sync, and lets no text become markup', () => {
    const text = renderFleetMarkdown(pageOf([nodeLine('edge-1'), drifted, dead], [drift]))
    const rows = text.split('\n').filter((line) => line.startsWith('| edge'))
    assert.deepEqual(
      rows.map((row) => row.split(' ')[1]),
      ['edge-2', 'edge-3', 'edge-1'],
    )
    assert.match(text, /^## Fleet: not in sync$/m)
    assert.doesNotMatch(text, /<b>|@all|\[books\]/)
    assert.match(text, /^ {2}- breaking: `operation-removed` GET \/books$/m)
  })

  it('stays below what a comment holds, and says what it left out', () => {
    const many = Array.from({ length: 2000 }, (_, index) => ({ ...dead, node: `edge-${index}` }))
    const text = renderFleetMarkdown(pageOf(many, [drift]))
    assert.ok(text.length < 60_000)
    assert.match(text, /\d+ nodes left out here/)
    assert.match(text, /### production: edge-2/)
  })
})

describe('renderFleetJunit', () => {
  it('makes a case of every node: unreachable ones are errors, others that are not in sync failures', () => {
    const text = renderFleetJunit(pageOf([nodeLine('edge-1'), drifted, { ...dead, environment: 'staging' }]))
    assert.match(
      text,
      /<testsuites name="barbacane verify --fleet" tests="3" failures="1" errors="1" time="0.21">/,
    )
    assert.match(text, /<testsuite name="production" tests="2" failures="1" errors="0">/)
    assert.match(text, /<testcase classname="production" name="edge-1"\/>/)
    assert.match(text, /<failure type="ConfigurationDrift artifact-differs"/)
    assert.match(
      text,
      /<error type="Unreachable timeout" message="Nothing was learnt: \ufffd\[2J&lt;b&gt;\|@all\.">/,
    )
  })
})
