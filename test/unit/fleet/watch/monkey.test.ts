import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { parseFleet, type FleetNode } from '../../../../src/config/index.ts'
import { selectNodes, type DesiredState, type ProbeHost } from '../../../../src/fleet/index.ts'
import type { Failure, Reply } from '../../../../src/fleet/probe/transport.ts'
import { verifyFleet } from '../../../../src/fleet/verify-fleet.ts'
import { watchFleet } from '../../../../src/fleet/watch/watch-fleet.ts'
import type { WebhookHost } from '../../../../src/fleet/watch/webhook.ts'
import {
  emptyState,
  parseWatchState,
  printWatchState,
  type Alert,
  type WatchState,
} from '../../../../src/fleet/watch/watch-state.ts'
import { provenanceJson, simulatedArtifact, simulatedNode } from '../../../support/simulated-node.ts'

const POLLS = 3000
const INTERVAL_MS = 60_000

/** Numbers that look random and are the same each time (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const [pinned, other] = [simulatedArtifact('pinned'), simulatedArtifact('other')]
const release = { artifactHash: pinned.hash, artifactDigest: pinned.digest, image: null, commit: null }

type Mood =
  | 'good'
  | 'drifted'
  | 'tampered'
  | 'lying'
  | 'replaying'
  | 'garbage'
  | 'half'
  | 'hanging'
  | 'redirecting'
  | 'huge'
  | 'expired'
  | 'refusing'
  | 'overloaded'
const moods: readonly Mood[] = [
  'drifted',
  'tampered',
  'lying',
  'replaying',
  'garbage',
  'half',
  'hanging',
  'redirecting',
  'huge',
  'expired',
  'refusing',
  'overloaded',
]

const failures: Readonly<Partial<Record<Mood, Failure>>> = {
  hanging: { reason: 'timeout', detail: 'it hangs', isTransient: true },
  redirecting: { reason: 'redirected', detail: 'it points elsewhere', isTransient: false },
  huge: { reason: 'too-large', detail: 'it sends 100 MB', isTransient: false },
  expired: { reason: 'tls-failed', detail: 'certificate has expired', isTransient: false },
  refusing: { reason: 'connection-failed', detail: 'refused', isTransient: true },
  overloaded: { reason: 'http-status', detail: '503', isTransient: true, retryAfterMs: 1e9 },
}

function replyOf(
  mood: Mood,
  { name, key, nonce, timeMs }: { name: string; key: Key; nonce: string; timeMs: number },
): Reply {
  const failure = failures[mood]
  if (failure !== undefined) return { failure }
  const answer = provenanceJson({
    name,
    key,
    nonce: mood === 'replaying' ? 'a-recorded-nonce-of-22' : nonce,
    timeMs,
    running: mood === 'drifted' ? other : pinned,
    onDisk: mood === 'tampered' ? other.digest : mood === 'drifted' ? other.digest : pinned.digest,
  })
  if (mood === 'lying') return bodyOf({ ...answer, artifact_hash: other.hash, inputs: other.inputs })
  const body = bodyOf(answer)
  if (mood === 'garbage') return { body: Buffer.from([0xff, 0x00, 0x7b]) }
  return mood === 'half' ? { body: body.body.subarray(0, 400) } : body
}

function bodyOf(value: object): { readonly body: Buffer } {
  return { body: Buffer.from(JSON.stringify(value)) }
}

type Key = ReturnType<typeof simulatedNode>['key']

describe('a watcher among monkeys', () => {
  it('raises exactly one alert an episode over thousands of polls, through restarts, in bounded memory', async () => {
    const random = createRandom(20_260_506)
    const simulated = ['calm', 'flapping', 'moody', 'often-dead'].map((name) => simulatedNode(name))
    const mood = new Map<string, Mood>(simulated.map(({ node }) => [node.name, 'good']))
    const mayChange = new Map([
      ['calm', 0.002],
      ['flapping', 0.9],
      ['moody', 0.1],
      ['often-dead', 0.3],
    ])
    const nodes: readonly FleetNode[] = simulated.map(({ node }) => node)
    const state = {
      ref: 'HEAD',
      commit: 'a',
      releases: new Map([['production', { release }]]),
    } as unknown as DesiredState
    let nowMs = Date.parse('2026-05-06T07:08:09Z')
    let nonces = 0
    const probeHost: ProbeHost = {
      cwd: '/',
      env: {},
      signal: new AbortController().signal,
      nowMs: () => nowMs,
      monotonicMs: () => nowMs,
      random,
      nonce: () => `nonce-of-22-characters-${(nonces += 1)}`,
      wait: async () => undefined,
      ask: async ({ url }) => {
        const name = url.hostname.replace('.invalid', '')
        const { key } = simulated.find(({ node }) => node.name === name) ?? assert.fail(name)
        return replyOf(mood.get(name) ?? 'good', {
          name,
          key,
          nonce: url.searchParams.get('nonce') ?? '',
          timeMs: nowMs,
        })
      },
    }
    const request = {
      timeoutMs: 1,
      retries: 1,
      concurrency: 8,
      perHost: 8,
      maxSkewMs: 1000,
      requireAttestation: true,
    }
    const verdicts = new Map<string, string[]>()
    const alerts: Alert[] = []
    const delivered = new Map<string, string>()
    let saved = printWatchState(emptyState)
    let largestState = 0
    let receiverIsUp = true
    const host: WebhookHost = {
      nowMs: () => nowMs,
      random,
      signal: probeHost.signal,
      wait: async (delayMs) => void (nowMs += delayMs > 5000 ? INTERVAL_MS : 0),
      post: async (_, { headers, body }) => {
        if (random() < 0.1) receiverIsUp = !receiverIsUp
        if (!receiverIsUp) return random() < 0.5 ? { status: 503 } : { reason: 'no route' }
        delivered.set(headers['webhook-id'] ?? '', body)
        // Taken, and the answer lost: it will come again.
        return random() < 0.1 ? { reason: 'reset' } : { status: 200 }
      },
    }
    const poll = async () => {
      for (const { name } of nodes) {
        if (random() >= (mayChange.get(name) ?? 0)) continue
        const isBetter = mood.get(name) !== 'good' && random() < 0.6
        mood.set(name, isBetter ? 'good' : (moods[Math.floor(random() * moods.length)] ?? 'good'))
      }
      const { report } = await verifyFleet(state, { ...request, folder: '/', nodes }, probeHost)
      for (const { node, verdict } of report.nodes)
        verdicts.set(node, [...(verdicts.get(node) ?? []), verdict].slice(-3))
      return report
    }
    let polls = 0
    while (polls < POLLS) {
      const run = 1 + Math.floor(random() * 200)
      const counts = await watchFleet(
        parseWatchState(saved),
        {
          intervalMs: INTERVAL_MS,
          maxPolls: run,
          webhook: { url: new URL('https://alerts.example/'), secret: Buffer.alloc(32) },
          poll,
          save: async (next: WatchState) => {
            saved = printWatchState(next)
            largestState = Math.max(largestState, saved.length)
          },
          tell: (event, remembered) => {
            if (event.kind !== 'polled') return
            alerts.push(...event.alerts)
            for (const { name } of nodes) checkEpisode(remembered, name, verdicts.get(name) ?? [])
          },
        },
        host,
      )
      polls += counts.polls
      assert.equal(counts.failedPolls, 0)
    }
    checkAlerts(alerts)
    assert.ok(alerts.some(({ node }) => node === 'calm'))
    assert.ok(alerts.filter(({ node }) => node === 'flapping').length < POLLS / 20, 'flapping is damped')
    const { pending } = parseWatchState(saved)
    assert.equal(delivered.size >= alerts.length - pending.length, true)
    assert.ok(largestState < 200_000, `the state had ${largestState} characters`)
  })

  it('outlives polls that fail, and forgets nothing of them', async () => {
    const fleet = parseFleet('fleet.yaml', 'version: 1\nenvironments: { a: {} }\nnodes: []\n')
    const empty = { ref: 'HEAD', commit: 'a', chosen: 'head', fleet, releases: new Map() } as const
    const events: string[] = []
    const counts = await watchFleet(
      emptyState,
      {
        intervalMs: 1,
        maxPolls: 3,
        webhook: undefined,
        poll: async () => assert.fail(`nobody is left: ${selectNodes(empty, {}).length}`),
        save: async () => assert.fail('nothing was found'),
        tell: ({ kind }) => events.push(kind),
      },
      {
        nowMs: () => 0,
        random: () => 0,
        signal: new AbortController().signal,
        wait: async () => undefined,
        post: async () => ({ status: 200 }),
      },
    )
    assert.deepEqual(events, ['poll-failed', 'poll-failed', 'poll-failed'])
    assert.equal(counts.failedPolls, 3)
  })
})

/** One beginning and one end for each, in turn, and each alert once. */
function checkAlerts(alerts: readonly Alert[]): void {
  const open = new Map<string, string>()
  for (const { node, kind, episode } of alerts) {
    assert.equal(open.get(node), kind === 'opened' ? undefined : episode)
    if (kind === 'opened') open.set(node, episode)
    else open.delete(node)
  }
  assert.equal(new Set(alerts.map(({ id }) => id)).size, alerts.length)
}

/** What three polls in a row agree about is known: a bad node has an episode. */
function checkEpisode({ nodes }: WatchState, name: string, lately: readonly string[]): void {
  const isBad = lately.length === 3 && lately.every((verdict) => verdict !== 'InSync')
  const isGrave = ['TamperedOnDisk', 'NotVerified'].includes(lately.at(-1) ?? '')
  if (isBad || isGrave) assert.ok(nodes[name]?.episode, `${name} ${lately.join(' ')}`)
}
