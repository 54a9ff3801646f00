import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { Fields, type GatewayRequest } from '../../../../src/runtime/http/index.ts'
import { Exchange } from '../../../../src/runtime/pipeline/index.ts'
import { gatewayRequest } from '../../../support/gateway-request.ts'
import { recordingReply } from '../../../support/recording-reply.ts'

function begin(members: Partial<Omit<GatewayRequest, 'headers'>> = {}, isRoomy = () => true) {
  const recorded = recordingReply(isRoomy)
  const failures: string[] = []
  const scope = {
    maxBodyBytes: 10,
    fail: (exchange: Exchange, error: Error) => {
      failures.push(error.message)
      if (exchange.status === 0) exchange.problem('internal-error')
    },
  }
  const exchange = new Exchange(gatewayRequest(members), recorded.reply, 'id-1', scope)
  return { exchange, failures, ...recorded }
}

describe('an exchange', () => {
  it('answers with the headers of the gateway in place of those of a service', () => {
    const { exchange, answers } = begin()
    const upstream = [
      'Server',
      'apache',
      'X-A',
      '1',
      'X-Request-Id',
      'other',
      'Connection',
      'x-b',
      'x-b',
      '2',
    ]
    exchange.send(200, Fields.received(upstream), Buffer.from('ok'))
    assert.equal(
      answers[0]?.head.lines,
      'X-A: 1\r\nx-request-id: id-1\r\nx-content-type-options: nosniff\r\nserver: barbacane\r\n',
    )
    assert.equal(exchange.status, 200)
  })

  it('gives hooks the answer in the reverse order of their registration, whoever gives it', () => {
    const { exchange, answers } = begin()
    const seen: string[] = []
    for (const name of ['first', 'second']) {
      exchange.onResponse((response, next) => {
        seen.push(`${name} ${response.status}`)
        response.headers.append('x-seen', name)
        response.status += 1
        next()
      })
    }
    exchange.problem('not-found')
    assert.deepEqual(seen, ['second 404', 'first 405'])
    assert.equal(answers[0]?.head.status, 406)
    assert.match(answers[0]?.head.lines ?? '', /x-seen: second\r\nx-seen: first\r\n/)
    assert.equal(exchange.status, 406)
  })

  it('streams through hooks that do not ask for the body, also where they wait', () => {
    let isFull = true
    const { exchange, answers, drain } = begin({}, () => !isFull)
    let goOn = (): void => assert.fail()
    exchange.onResponse((response, next) => {
      response.headers.set('x-a', '1')
      goOn = next
    })
    const sink = exchange.stream(200, [])
    let drained = 0
    sink.onDrain(() => (drained += 1))
    assert.equal(sink.write(Buffer.from('ab')), false)
    sink.write(Buffer.from('cd'))
    assert.equal(answers.length, 0)
    goOn()
    assert.equal(answers[0]?.body, 'abcd')
    assert.equal(drained, 0)
    isFull = false
    drain()
    assert.equal(drained, 1)
    assert.equal(sink.write(Buffer.from('e')), true)
    sink.end()
    assert.deepEqual([answers[0]?.body, answers[0]?.end], ['abcde', 'ended'])
  })

  it('holds a body back for a hook that asks for it, up to its limit', () => {
    const { exchange, answers } = begin()
    exchange.onResponse((response, next) => {
      response.body = Buffer.from(String(response.body).toUpperCase())
      next()
    }, 4)
    const sink = exchange.stream(200, ['content-length', '4'])
    sink.write(Buffer.from('ab'))
    sink.write(Buffer.from('cd'))
    sink.end()
    assert.equal(answers[0]?.body, 'ABCD')
    const larger = begin()
    larger.exchange.onResponse((_response, next) => next(), 4)
    const full = larger.exchange.stream(200, [])
    full.write(Buffer.from('abcde'))
    full.write(Buffer.from('f'))
    full.end()
    assert.deepEqual(
      larger.answers.map(({ head }) => head.status),
      [502],
    )
  })

  it('cuts a held answer off where its service does', () => {
    const { exchange, answers } = begin()
    exchange.onResponse((_response, next) => next(), 100)
    const sink = exchange.stream(200, [])
    sink.write(Buffer.from('a'))
    sink.destroy()
    assert.deepEqual(
      answers.map(({ end }) => end),
      ['destroyed'],
    )
  })

  it('answers 500 once where a hook fails, and asks no hook about that', () => {
    const { exchange, answers, failures } = begin()
    exchange.onResponse(() => {
      throw new Error('broken')
    })
    exchange.send(200, [], null)
    assert.deepEqual(failures, ['broken'])
    assert.deepEqual(
      answers.map(({ head }) => head.status),
      [500],
    )
  })

  it('answers 500 where a hook sets what HTTP does not allow', () => {
    const { exchange, answers } = begin()
    exchange.onResponse((response, next) => {
      response.headers.set('x-a', 'b\r\nx-c: d')
      next()
    })
    exchange.send(200, [], null)
    assert.deepEqual(
      answers.map(({ head }) => head.status),
      [500],
    )
  })

  it('reads the body once for all who ask, and refuses one that is too large', () => {
    let reads = 0
    const readBody: GatewayRequest['readBody'] = (limitBytes, done) => {
      reads += 1
      done(limitBytes >= 10 ? Buffer.from('body') : 'too-large')
    }
    const { exchange, answers } = begin({ hasBody: true, readBody })
    const bodies: string[] = []
    exchange.readBody((body) => bodies.push(String(body)))
    exchange.readBody((body) => bodies.push(String(body)))
    assert.deepEqual([bodies, reads], [['body', 'body'], 1])
    const large = begin({ hasBody: true, readBody: (_limit, done) => done('too-large') })
    large.exchange.readBody(() => assert.fail())
    assert.equal(large.answers[0]?.head.status, 413)
    const gone = begin({ hasBody: true, readBody: (_limit, done) => done('aborted') })
    gone.exchange.readBody(() => assert.fail())
    assert.deepEqual([gone.answers, answers], [[], []])
    begin().exchange.readBody((body) => assert.equal(body.byteLength, 0))
  })

  it('gives the error of a step that had to wait to whoever takes errors', () => {
    const { exchange, failures, answers } = begin({
      hasBody: true,
      readBody: (_limit, done) => done(Buffer.from('x')),
    })
    exchange.readBody(() => {
      throw new Error('later')
    })
    assert.deepEqual(failures, ['later'])
    assert.equal(answers[0]?.head.status, 500)
  })

  it('keeps what its stages leave for each other', () => {
    const { exchange } = begin({ remoteAddress: '192.0.2.1' })
    exchange.context.set('a', 'b')
    assert.equal(exchange.context.get('a'), 'b')
    assert.equal(exchange.clientAddress, '192.0.2.1')
  })
})
