import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'node:test'

import {
  deliverAlerts,
  parseWebhookSecret,
  signWebhook,
  type Post,
  type WebhookHost,
} from '../../../../src/fleet/watch/webhook.ts'
import type { Alert } from '../../../../src/fleet/watch/watch-state.ts'

const secret = Buffer.alloc(32, 7)
const webhook = { url: new URL('https://alerts.example/hook'), secret }

function alert(node: string): Alert {
  return {
    id: `${node}/1000/opened`,
    kind: 'opened',
    episode: `${node}/1000`,
    at_ms: 61_000,
    opened_ms: 1000,
    node,
    environment: 'production',
    verdict: 'TamperedOnDisk',
    reason: 'file-changed',
    message: 'It was changed.',
  }
}

function hostOf(post: Post) {
  const waits: number[] = []
  const host: WebhookHost = {
    nowMs: () => 1_700_000_000_500,
    random: () => 1,
    wait: async (delayMs) => void waits.push(delayMs),
    signal: new AbortController().signal,
    post,
  }
  return { host, waits }
}

describe('signWebhook', () => {
  it('signs as the example of the specification of Standard Webhooks does', () => {
    // github.com/standard-webhooks/standard-webhooks, spec: the secret and message of its libraries' tests.
    const known = parseWebhookSecret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
    assert.ok(known)
    const headers = signWebhook(
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1_614_265_330_000,
      '{"test": 2432232314}',
      known,
    )
    assert.equal(headers['webhook-signature'], 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
    assert.equal(headers['webhook-timestamp'], '1614265330')
  })

  it('takes only secrets of the form and length that it prescribes', () => {
    assert.equal(parseWebhookSecret(`whsec_${secret.toString('base64')}\n`)?.byteLength, 32)
    for (const text of [
      '',
      'whsec_',
      'secret',
      `whsec_${Buffer.alloc(23).toString('base64')}`,
      `whsec_${'A'.repeat(100)}`,
    ])
      assert.equal(parseWebhookSecret(text), undefined, text)
  })
})

describe('deliverAlerts', () => {
  it('posts each alert once it is its turn, signed', async () => {
    const posts: Parameters<Post>[] = []
    const { host } = hostOf(async (...post) => {
      posts.push(post)
      return { status: 204 }
    })
    assert.deepEqual(await deliverAlerts([alert('a'), alert('b')], webhook, host), { left: [] })
    const [url, { headers, body }] = posts[0] ?? assert.fail()
    assert.equal(url.href, 'https://alerts.example/hook')
    assert.deepEqual(JSON.parse(body), {
      type: 'fleet.episode.opened',
      timestamp: '1970-01-01T00:01:01.000Z',
      data: {
        episode: 'a/1000',
        node: 'a',
        environment: 'production',
        verdict: 'TamperedOnDisk',
        reason: 'file-changed',
        message: 'It was changed.',
        opened_at: '1970-01-01T00:00:01.000Z',
        duration_seconds: 60,
      },
    })
    const id = headers['webhook-id'] ?? ''
    assert.match(id, /^msg_[\w-]+$/)
    const signed = `${id}.1700000000.${body}`
    assert.equal(
      headers['webhook-signature'],
      `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`,
    )
    assert.notEqual(posts[1]?.[1].headers['webhook-id'], id)
  })

  it('tries again, with the same id, and keeps what was not taken in its order', async () => {
    const ids: (string | undefined)[] = []
    let isUp = false
    const { host, waits } = hostOf(async (_, { headers }) => {
      ids.push(headers['webhook-id'])
      return isUp ? { status: 200 } : { status: 503 }
    })
    const alerts = [alert('a'), alert('b')]
    const down = await deliverAlerts(alerts, webhook, host)
    assert.deepEqual(down, { left: alerts, fault: 'it answered 503' })
    assert.deepEqual(waits, [1000, 2000])
    isUp = true
    assert.deepEqual(await deliverAlerts(down.left, webhook, host), { left: [] })
    assert.equal(new Set(ids).size, 2)
    const broken = hostOf(async () => ({ reason: 'no such host' }))
    assert.equal((await deliverAlerts(alerts, webhook, broken.host)).fault, 'no such host')
  })

  it('gives up what a receiver does not want any more', async () => {
    const { host, waits } = hostOf(async () => ({ status: 410 }))
    const { left, fault } = await deliverAlerts([alert('a'), alert('b')], webhook, host)
    assert.deepEqual([left, waits], [[], []])
    assert.match(fault ?? '', /410/)
  })
})
