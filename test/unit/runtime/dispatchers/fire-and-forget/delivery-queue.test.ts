import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import {
  DeliveryQueue,
  type QueueRules,
} from '../../../../../src/runtime/dispatchers/fire-and-forget/delivery-queue.ts'
import { fakeUpstream } from '../../../../support/fake-upstream.ts'

function queueing(context: TestContext, change: Partial<QueueRules> = {}) {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const upstream = fakeUpstream('https://a.test')
  const dropped: string[] = []
  const queue = new DeliveryQueue(
    {
      upstream,
      maxAttempts: 3,
      backoffMs: 100,
      timeoutMs: 1000,
      maxQueue: 2,
      maxQueueBytes: 100,
      maxConcurrent: 1,
      ...change,
    },
    { log: { log: () => undefined } as never, metrics: { dropped: (reason) => void dropped.push(reason) } },
  )
  const offer = (body = 'x') =>
    queue.offer({ method: 'POST', target: '/t', lines: '', body: Buffer.from(body), requestId: body })
  const sent = () => upstream.calls.map(({ body }) => body())
  return { queue, upstream, dropped, offer, sent, tick: (ms: number) => context.mock.timers.tick(ms) }
}

describe('the queue of fire-and-forget', () => {
  it('sends in order, a few at a time', (context) => {
    const { offer, sent, upstream, queue } = queueing(context, { maxConcurrent: 2 })
    for (const body of ['1', '2', '3', '4']) assert.equal(offer(body), true)
    assert.deepEqual(sent(), ['1', '2'])
    upstream.calls[1]?.answer(204)
    assert.deepEqual(sent(), ['1', '2', '3'])
    assert.equal(queue.size, 3)
  })

  it('takes no more requests than it has room for', (context) => {
    const { offer, dropped, upstream } = queueing(context)
    assert.deepEqual([offer(), offer(), offer(), offer()], [true, true, true, false])
    upstream.calls[0]?.answer(200)
    assert.equal(offer(), true)
    assert.deepEqual(dropped, ['full'])
  })

  it('takes no more bytes than it has room for, those under way included', (context) => {
    const bytes = queueing(context, { maxQueue: 100 })
    assert.deepEqual(
      [bytes.offer('y'.repeat(60)), bytes.offer('z'.repeat(41)), bytes.offer('z'.repeat(40))],
      [true, false, true],
    )
    bytes.upstream.calls[0]?.answer(200)
    assert.equal(bytes.offer('w'.repeat(60)), true)
  })

  it('sends again after no answer and passing ones, with pauses that double', (context) => {
    const { offer, upstream, dropped, tick } = queueing(context)
    offer()
    upstream.calls[0]?.answer(503)
    tick(99)
    assert.equal(upstream.calls.length, 1)
    tick(1)
    upstream.calls[1]?.fail('unavailable')
    tick(199)
    assert.equal(upstream.calls.length, 2)
    tick(1)
    upstream.calls[2]?.answer(429)
    tick(10_000)
    assert.equal(upstream.calls.length, 3)
    assert.deepEqual(dropped, ['failed'])
  })

  it('does not send again what was refused for good', (context) => {
    const { offer, upstream, dropped, tick } = queueing(context)
    offer()
    upstream.calls[0]?.answer(422)
    tick(10_000)
    assert.equal(upstream.calls.length, 1)
    assert.deepEqual(dropped, ['failed'])
  })

  it('drains what waits and what waits for another attempt', async (context) => {
    const { offer, upstream, queue, dropped, tick } = queueing(context)
    for (const body of ['1', '2']) offer(body)
    upstream.calls[0]?.answer(503)
    const drained = queue.drain(10_000)
    tick(100)
    upstream.calls[1]?.answer(200)
    upstream.calls[2]?.answer(200)
    assert.equal(await drained, true)
    assert.deepEqual([queue.size, dropped], [0, []])
    assert.equal(await queue.drain(0), true)
  })

  it('gives up at the end of its time, and says how many were lost', async (context) => {
    const { offer, upstream, queue, dropped, tick } = queueing(context)
    for (const body of ['1', '2', '3']) offer(body)
    const drained = queue.drain(500)
    tick(500)
    assert.equal(await drained, false)
    assert.deepEqual(dropped, ['shutdown', 'shutdown', 'shutdown'])
    assert.equal(upstream.calls[0]?.isAborted, true)
    assert.equal(offer(), false)
  })

  it('keeps bodies of its own: the engine writes over what it has read', (context) => {
    const { queue, upstream } = queueing(context)
    const body = Buffer.from('mine')
    queue.offer({ method: 'POST', target: '/', lines: '', body, requestId: 'r' })
    body.fill('x')
    assert.equal(upstream.calls[0]?.body(), 'mine')
  })
})
