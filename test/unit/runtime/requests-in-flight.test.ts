import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { Reply } from '../../../src/runtime/http/index.ts'
import { RequestsInFlight } from '../../../src/runtime/requests-in-flight.ts'
import { recordingReply } from '../../support/recording-reply.ts'

/** Replies that end when they are cut off, in flight. */
function inFlight(count: number) {
  const requests = new RequestsInFlight()
  const replies = Array.from({ length: count }, (): Reply => {
    const reply: Reply = { ...recordingReply().reply, cutOff: () => requests.end(reply) }
    return reply
  })
  for (const reply of replies) requests.begin(reply)
  return { requests, replies }
}

describe('requests in flight', () => {
  it('are waited for: none was cut off where all have ended in time', async () => {
    const { requests, replies } = inFlight(3)
    assert.equal(requests.count, 3)
    const drained = requests.drain(600_000)
    for (const reply of replies) requests.end(reply)
    assert.equal(await drained, 0)
    assert.equal(requests.count, 0)
  })

  it('are cut off when their time is over, and only those that are left', async () => {
    const { requests, replies } = inFlight(3)
    requests.end(replies[1] as Reply)
    assert.equal(await requests.drain(0), 2)
    assert.equal(requests.count, 0)
  })

  it('may last as long as they want', async () => {
    const { requests, replies } = inFlight(1)
    const drained = requests.drain(Infinity)
    setTimeout(() => requests.end(replies[0] as Reply), 20)
    assert.equal(await drained, 0)
  })

  it('are not waited for where there are none', async () => {
    assert.equal(await new RequestsInFlight().drain(Infinity), 0)
  })
})
