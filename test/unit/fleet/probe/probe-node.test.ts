import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import {
  createTurns,
  openAccess,
  probeNode,
  type ProbeHost,
  type Reply,
} from '../../../../src/fleet/probe/index.ts'
import type { Question, Transport } from '../../../../src/fleet/probe/transport.ts'
import { provenanceJson, simulatedArtifact, simulatedNode } from '../../../support/simulated-node.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const { node, key } = simulatedNode('edge-1', { adminUrl: 'https://edge-1.internal:8081' })
const running = simulatedArtifact('a')

/** A host whose clock only moves by waiting, and the waits that were asked for. */
function virtualHost(ask: Transport, random = 0.5) {
  const waits: number[] = []
  let nowMs = 1_000_000
  let nonces = 0
  const host: ProbeHost = {
    cwd: '/',
    env: {},
    signal: new AbortController().signal,
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    random: () => random,
    nonce: () => `nonce-${(nonces += 1)}-of-22-characters-x`,
    wait: async (delayMs) => {
      waits.push(delayMs)
      nowMs += delayMs
    },
    ask,
  }
  return { host, waits }
}

function prober(retries = 2) {
  return {
    retries,
    timeoutMs: 5000,
    readAccess: openAccess('/', {}),
    inTurn: createTurns<Reply>({ concurrency: 8, perHost: 2 }),
  }
}

const failing = (reason: 'timeout' | 'http-status', isTransient = true, retryAfterMs?: number): Reply => ({
  failure: { reason, detail: 'x', isTransient, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
})

describe('probeNode', () => {
  it('asks with a nonce and takes the answer of the attempt that succeeds', async () => {
    const asked: Question[] = []
    const { host, waits } = virtualHost(async (question) => {
      asked.push(question)
      if (asked.length < 3) return failing('timeout')
      const nonce = question.url.searchParams.get('nonce') ?? ''
      return {
        body: Buffer.from(JSON.stringify(provenanceJson({ name: 'edge-1', key, running, nonce, timeMs: 0 }))),
      }
    })
    const probe = await probeNode(node, prober(), host)
    assert.ok('answer' in probe.outcome)
    assert.equal(probe.outcome.answer.artifactHash, running.hash)
    assert.deepEqual(waits, [200, 400])
    assert.deepEqual([probe.attempts, probe.durationMs], [3, 600])
    assert.equal(probe.sentAtMs, 1_000_600)
    const nonces = asked.map(({ url }) => url.searchParams.get('nonce'))
    assert.equal(new Set(nonces).size, 3)
    assert.equal(nonces[2], probe.nonce)
    assert.equal(asked[0]?.url.href, `https://edge-1.internal:8081/_admin/provenance?nonce=${nonces[0]}`)
  })

  it('tries no more often than allowed, and what will not pass by itself once', async () => {
    const attempts = async (reply: Reply, retries?: number) => {
      const { host, waits } = virtualHost(async () => reply)
      return [(await probeNode(node, prober(retries), host)).attempts, ...waits]
    }
    assert.deepEqual(await attempts(failing('timeout')), [3, 200, 400])
    assert.deepEqual(await attempts(failing('timeout'), 0), [1])
    assert.deepEqual(await attempts(failing('http-status', false)), [1])
    assert.deepEqual(await attempts(failing('http-status', true, 3000)), [3, 3000, 3000])
    assert.deepEqual(await attempts(failing('http-status', true, 9_000_000)), [3, 10_000, 10_000])
  })

  it('takes nothing for an answer that is none', async () => {
    const good = provenanceJson({ name: 'edge-1', key, running, nonce: 'n', timeMs: 0 })
    const bodies = [
      '',
      'null',
      '[]',
      '{}',
      '<html>',
      Buffer.from([0xff, 0xfe]),
      JSON.stringify({ ...good, artifact_hash: 'sha256:x' }),
      JSON.stringify({ ...good, node: null }),
      JSON.stringify({ ...good, node: { ...good.node, version: `0.1.0\u001b[2J` } }),
      JSON.stringify({ ...good, provenance: { ...good.provenance, commit: 'main' } }),
      '['.repeat(100_000),
    ]
    for (const body of bodies) {
      const { host } = virtualHost(async () => ({ body: Buffer.from(body) }))
      const { outcome } = await probeNode(node, prober(), host)
      assert.ok('failure' in outcome, String(body))
      assert.equal(outcome.failure.reason, 'no-provenance')
    }
  })
})

describe('openAccess', () => {
  it('reads certificates and tokens from beside fleet.yaml or the environment, and refuses what is none', async () => {
    await using folder = await temporaryFolder({
      'ca.pem': 'CA',
      token: 'abc.def\n',
      empty: '\n',
      lines: 'a\nb',
    })
    const read = openAccess(folder.path, { TOKEN: 'from-env' })
    const tls = { ca: 'ca.pem', cert: undefined, key: undefined, serverName: 'x' }
    const withFile = await read({ ...node, tls, token: { kind: 'file', path: 'token' } })
    assert.deepEqual(withFile, {
      headers: { authorization: 'Bearer abc.def' },
      tls: { ...tls, ca: Buffer.from('CA') },
    })
    const withEnv = await read({ ...node, token: { kind: 'env', name: 'TOKEN' } })
    assert.deepEqual(withEnv, { headers: { authorization: 'Bearer from-env' }, tls: undefined })
    const local = {
      ...node,
      adminUrl: 'http://127.0.0.1:8081',
      token: { kind: 'env', name: 'TOKEN' } as const,
    }
    assert.ok('headers' in (await read(local)))
    const failures = [
      [{ ...node, token: { kind: 'env', name: 'NONE' } }, 'there is no token in the variable NONE'],
      [{ ...node, token: { kind: 'file', path: 'empty' } }, 'there is no token in empty'],
      [{ ...node, token: { kind: 'file', path: 'lines' } }, 'what is in lines is no bearer token'],
      [
        { ...node, token: { kind: 'file', path: 'gone' } },
        `${join(folder.path, 'gone')} cannot be read: there is no such file or folder`,
      ],
      [{ ...local, adminUrl: 'http://edge-1:8081' }, 'a token is sent over https or to this machine only'],
    ] as const
    for (const [asked, detail] of failures) {
      assert.deepEqual(await read(asked), {
        failure: { reason: 'access-unusable', detail, isTransient: false },
      })
    }
  })

  it('asks nothing without the access that fleet.yaml wants', async () => {
    const { host } = virtualHost(() => assert.fail('it asked'))
    const { outcome } = await probeNode({ ...node, token: { kind: 'env', name: 'NONE' } }, prober(), host)
    assert.ok('failure' in outcome && outcome.failure.reason === 'access-unusable')
  })
})

describe('createTurns', () => {
  it('keeps to the limits of all and of each host', async () => {
    const inTurn = createTurns<void>({ concurrency: 4, perHost: 2 })
    const running = new Map<string, number>()
    let all = 0
    let [mostOfHost, mostOfAll] = [0, 0]
    const attempt = (host: string) => async () => {
      const count = (running.get(host) ?? 0) + 1
      running.set(host, count)
      all += 1
      mostOfHost = Math.max(mostOfHost, count)
      mostOfAll = Math.max(mostOfAll, all)
      await new Promise(setImmediate)
      running.set(host, (running.get(host) ?? 0) - 1)
      all -= 1
    }
    const hosts = Array.from({ length: 60 }, (_, index) => `host-${index % 3}`)
    await Promise.all(hosts.map((host) => inTurn(host, attempt(host))))
    assert.deepEqual([mostOfHost, mostOfAll, all], [2, 4, 0])
  })
})
