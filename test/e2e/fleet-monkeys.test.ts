import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import type { FleetNode } from '../../src/config/index.ts'
import {
  askByHttp,
  verifyFleet,
  watchFleet,
  type Alert,
  type DesiredState,
  type ProbeHost,
  type Reason,
} from '../../src/fleet/index.ts'
import { parseWatchState, printWatchState } from '../../src/fleet/watch/watch-state.ts'
import { selfSigned } from '../support/certificates.ts'
import { provenanceJson, simulatedArtifact, simulatedNode } from '../support/simulated-node.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const CYCLES = 16
/** Of the polls of a cycle a node is bad in the first ones; the others last longer than flaps are remembered. */
const [CYCLE_POLLS, BAD_POLLS] = [16, 6]
const INTERVAL_MS = 600_000
const POLLS_OF_A_RUN = 37
const HUGE_BYTES = 100 * 1024 * 1024
const MAX_GROWTH_BYTES = 8 * 1024 * 1024

const [pinned, other] = [simulatedArtifact('pinned'), simulatedArtifact('other')]

interface Question {
  readonly request: IncomingMessage
  readonly reply: ServerResponse
  /** What a good node would answer. */
  readonly answer: (change?: { readonly onDisk?: `sha256:${string}`; readonly nonce?: string }) => string
}

/** What a bad node does with a question, and the reason that is to be found for it. */
const monkeys: Readonly<
  Record<string, { readonly reason: Reason; readonly misbehave: (question: Question) => unknown }>
> = {
  garbage: { reason: 'no-provenance', misbehave: ({ reply }) => reply.socket?.end('SSH-2.0-monkey\r\n\r\n') },
  half: { reason: 'no-provenance', misbehave: ({ reply, answer }) => reply.end(answer().slice(0, 400)) },
  binary: { reason: 'no-provenance', misbehave: ({ reply }) => reply.end(Buffer.alloc(70_000, 0xfe)) },
  cut: {
    reason: 'connection-failed',
    misbehave: ({ reply }) =>
      reply.writeHead(200, { 'content-length': 9000 }).write('{', () => reply.destroy()),
  },
  reset: { reason: 'connection-failed', misbehave: ({ request }) => request.socket.resetAndDestroy() },
  hanging: { reason: 'timeout', misbehave: () => undefined },
  redirecting: {
    reason: 'redirected',
    misbehave: ({ reply }) => reply.writeHead(307, { location: 'http://127.0.0.1:9/' }).end(),
  },
  huge: {
    reason: 'too-large',
    misbehave: ({ reply }) => {
      reply.writeHead(200, { 'content-length': HUGE_BYTES })
      return pour(reply, HUGE_BYTES)
    },
  },
  endless: { reason: 'too-large', misbehave: ({ reply }) => pour(reply, Number.POSITIVE_INFINITY) },
  overloaded: {
    reason: 'http-status',
    misbehave: ({ reply }) => reply.writeHead(503, { 'retry-after': '3600' }).end(),
  },
  flapping: {
    reason: 'file-changed',
    misbehave: ({ reply, answer }) => reply.end(answer({ onDisk: other.digest })),
  },
  replaying: {
    reason: 'replayed',
    misbehave: ({ reply, answer }) => reply.end(answer({ nonce: 'a-recorded-nonce-of-22' })),
  },
}

let [pouredMost, pouredWhole] = [0, 0]

/** Sends as much as the other side takes. */
function pour(reply: ServerResponse, sizeBytes: number): void {
  const chunk = Buffer.alloc(64 * 1024, '{')
  let sentBytes = 0
  const more = () => {
    while (sentBytes < sizeBytes) {
      if (reply.destroyed) return
      sentBytes += chunk.byteLength
      pouredMost = Math.max(pouredMost, sentBytes)
      if (!reply.write(chunk)) return void reply.once('drain', more)
    }
    pouredWhole += 1
    reply.end()
  }
  more()
}

/** What is still held when the garbage is gone. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

async function listen(context: TestContext, server: Server | TlsServer): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

describe('a watcher among real monkeys', () => {
  it('finds the reason each time, raises one alert an episode, and holds nothing of what they send', async (context) => {
    const [valid, expired] = await Promise.all([
      selfSigned('edge.internal'),
      selfSigned('edge.internal', { isExpired: true }),
    ])
    await using folder = await temporaryFolder({ 'ca.pem': String(valid.cert) + String(expired.cert) })
    let [poll, nowMs] = [-1, Date.parse('2026-05-06T07:08:09Z')]
    const names = [...Object.keys(monkeys), 'expired', 'calm']
    const isBad = (name: string): boolean => {
      // They do not begin at once.
      const at = poll - names.indexOf(name)
      const isCalm = name === 'calm' || at < 0 || at >= CYCLES * CYCLE_POLLS
      if (isCalm || at % CYCLE_POLLS >= BAD_POLLS) return false
      return name !== 'flapping' || at % 2 === 0
    }
    const servers: (Server | TlsServer)[] = []
    const start = async (name: string): Promise<FleetNode> => {
      const { node, key } = simulatedNode(name)
      const serve = (request: IncomingMessage, reply: ServerResponse) => {
        // Whoever asked may be gone before everything is sent.
        reply.on('error', () => undefined)
        const nonce = new URL(request.url ?? '', 'http://node').searchParams.get('nonce') ?? ''
        const answer: Question['answer'] = (change) =>
          JSON.stringify(provenanceJson({ name, key, nonce, timeMs: nowMs, running: pinned, ...change }))
        const monkey = isBad(name) ? monkeys[name] : undefined
        if (monkey === undefined) reply.end(answer())
        else monkey.misbehave({ request, reply, answer })
      }
      if (name !== 'expired') {
        const server = createServer(serve)
        servers.push(server)
        return { ...node, adminUrl: `http://127.0.0.1:${await listen(context, server)}` }
      }
      const server = createTlsServer(valid, serve)
      servers.push(server)
      beforePoll = () => server.setSecureContext(isBad(name) ? expired : valid)
      const tls = { ca: 'ca.pem', cert: undefined, key: undefined, serverName: 'edge.internal' }
      return { ...node, adminUrl: `https://127.0.0.1:${await listen(context, server)}`, tls }
    }
    let beforePoll = () => {}
    const nodes = await Promise.all(names.map(start))
    const hangingUrl = nodes[names.indexOf('hanging')]?.adminUrl
    const release = { artifactHash: pinned.hash, artifactDigest: pinned.digest, image: null, commit: null }
    const releases = new Map([['production', { release }]])
    const desired = { ref: 'HEAD', commit: 'a', releases } as unknown as DesiredState
    let nonces = 0
    const host: ProbeHost = {
      cwd: '/',
      env: {},
      signal: new AbortController().signal,
      nowMs: () => nowMs,
      monotonicMs: () => nowMs,
      random: () => 0.5,
      nonce: () => `nonce-of-22-characters-${(nonces += 1)}`,
      wait: async (delayMs) => void (nowMs += delayMs >= INTERVAL_MS / 2 ? delayMs : 0),
      // Only who hangs is not waited for: others take what the machine needs.
      ask: (question) =>
        askByHttp({
          ...question,
          timeoutMs: question.url.origin === hangingUrl && isBad('hanging') ? 20 : 300_000,
        }),
    }
    const request = {
      timeoutMs: 0,
      retries: 1,
      concurrency: 8,
      perHost: 8,
      maxSkewMs: 1000,
      requireAttestation: true,
    }
    const alerts: Alert[] = []
    let [saved, heldEarly] = [printWatchState({ nodes: {}, pending: [] }), 0]
    const polls = CYCLES * CYCLE_POLLS + names.length
    for (let done = 0; done < polls;) {
      const counts = await watchFleet(
        parseWatchState(saved),
        {
          intervalMs: INTERVAL_MS,
          maxPolls: Math.min(POLLS_OF_A_RUN, polls - done),
          webhook: undefined,
          poll: async () => {
            poll += 1
            beforePoll()
            const { report } = await verifyFleet(desired, { ...request, folder: folder.path, nodes }, host)
            const found = report.nodes.map(({ node, reason }) => `${node} ${reason}`)
            const expected = names.map((name) => {
              const bad = name === 'expired' ? 'tls-failed' : monkeys[name]?.reason
              return `${name} ${isBad(name) ? bad : 'in-sync'}`
            })
            assert.deepEqual(found, expected, `poll ${poll}`)
            return report
          },
          save: async (state) => void (saved = printWatchState(state)),
          tell: (event) => {
            if (event.kind === 'polled') alerts.push(...event.alerts)
            else assert.fail(event.kind)
          },
        },
        { ...host, post: async () => assert.fail('nobody is to be told') },
      )
      done += counts.polls
      // By then everything is loaded that will be.
      if (heldEarly === 0) heldEarly = heldBytes()
    }
    for (const name of names) {
      const kinds = alerts.filter(({ node }) => node === name).map(({ kind }) => kind)
      const episodes = name === 'calm' ? 0 : CYCLES
      assert.deepEqual(kinds, Array.from({ length: episodes }, () => ['opened', 'recovered']).flat(), name)
    }
    assert.equal(new Set(alerts.map(({ id }) => id)).size, alerts.length)
    const grownBytes = heldBytes() - heldEarly
    assert.ok(grownBytes < MAX_GROWTH_BYTES, `${grownBytes} bytes more are held`)
    assert.equal(pouredWhole, 0)
    assert.ok(pouredMost < HUGE_BYTES / 2, `${pouredMost} bytes were taken`)
    for (const server of servers) await untilDeserted(server)
  })
})

/** Comes back when no connection is left: nobody holds one that a monkey keeps open. */
async function untilDeserted(server: Server | TlsServer): Promise<void> {
  for (;;) {
    const count = await new Promise<number>((resolve, reject) => {
      server.getConnections((error, connections) => (error === null ? resolve(connections) : reject(error)))
    })
    if (count === 0) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
