import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { Reply } from '../../../src/runtime/http/index.ts'
import { RequestsInFlight } from '../../../src/runtime/requests-in-flight.ts'
import { recordingReply } from '../../support/recording-reply.ts'

/** Replies that end when they are cut off, in flight; `ends` end them by themselves. */
function inFlight(count: number) {
  const requests = new RequestsInFlight()
  const ends: (() => void)[] = []
  for (let index = 0; index < count; index += 1) {
    const end = () => requests.end(number)
    const reply: Reply = { ...recordingReply().reply, cutOff: end }
    const number = requests.begin(reply)
    ends.push(end)
  }
  return { requests, ends }
}

describe('requests in flight', () => {
  it('are waited for: none was cut off where all have ended in time', async () => {
    const { requests, ends } = inFlight(3)
    assert.equal(requests.count, 3)
    const drained = requests.drain(600_000)
    for (const end of ends) end()
    assert.equal(await drained, 0)
    assert.equal(requests.count, 0)
  })

  it('are cut off when their time is over, and only those that are left', async () => {
    const { requests, ends } = inFlight(3)
    ends[1]?.()
    assert.equal(await requests.drain(0), 2)
    assert.equal(requests.count, 0)
  })

  it('may last as long as they want', async () => {
    const { requests, ends } = inFlight(1)
    const drained = requests.drain(Infinity)
    setTimeout(() => ends[0]?.(), 20)
    assert.equal(await drained, 0)
  })

  it('take the numbers of those that have ended, and are cut off once each', async () => {
    const { requests, ends } = inFlight(2)
    ends[0]?.()
    let cuts = 0
    const number = requests.begin({
      ...recordingReply().reply,
      cutOff: () => {
        cuts += 1
        requests.end(number)
      },
    })
    assert.equal(await requests.drain(0), 2)
    assert.equal(cuts, 1)
  })

  it('are not waited for where there are none', async () => {
    assert.equal(await new RequestsInFlight().drain(Infinity), 0)
  })
})
