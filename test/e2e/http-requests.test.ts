import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import { listenEcho, type EchoListener } from '../support/echo-listener.ts'
import { rawExchange, splitResponses } from '../support/raw-exchange.ts'
import { requestCases } from './http/request-cases.ts'

const bytesOf = (text: string) => Buffer.from(text, 'latin1')
const methodsOf = (text: string) => text.split(/(?<=\r\n\r\n)/).map((message) => message.split(' ')[0] ?? '')

describe('requests, byte for byte', () => {
  let listener: EchoListener
  before(async () => {
    listener = await listenEcho()
  })
  after(() => listener.close(0))

  const statusesOf = (answer: string, bytes: string) =>
    splitResponses(answer, methodsOf(bytes))
      .map(({ status }) => status)
      .join(' ')

  for (const [name, bytes, statuses, seen = ''] of requestCases) {
    it(`${name}: ${statuses === '' ? 'no answer' : statuses}`, async () => {
      listener.seen.length = 0
      const answer = await rawExchange(listener.port, [bytesOf(bytes)])
      assert.equal(statusesOf(answer, bytes), statuses)
      assert.equal(listener.seen.join('|'), seen)
    })
  }

  it('are at least 150, each with a name of its own', () => {
    assert.ok(requestCases.length >= 150, String(requestCases.length))
    assert.equal(new Set(requestCases.map(([name]) => name)).size, requestCases.length)
  })
})
