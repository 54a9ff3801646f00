import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import {
  fixedHead,
  type HttpLimits,
  type ListenerTls,
  type RequestHandler,
} from '../../src/runtime/http/index.ts'
import { selfSigned } from '../support/certificates.ts'
import { listenFor } from '../support/echo-listener.ts'
import {
  block,
  Flag,
  frame,
  FrameType,
  headers,
  meaning,
  openRaw,
  PREFACE,
  pseudo,
  settings,
  uint32,
  type RawSession,
} from '../support/h2-frames.ts'

interface Scene extends RawSession {
  /** Requests that were handed on, and those whose client was found to have gone. */
  readonly handled: () => number
  readonly abandoned: () => number
  readonly connections: () => number
}

const silence: RequestHandler = () => undefined
const answer: RequestHandler = (_, reply) => reply.send(fixedHead(200, []), Buffer.from('ok'))

const certificate = await selfSigned('shop.test')
const tls: ListenerTls = { options: certificate, attach: () => undefined }

/** A session with a listener of its own, past its settings. */
async function openSession(
  usesTls: boolean,
  context: TestContext,
  onRequest: RequestHandler,
  limits: Partial<HttpLimits> = {},
): Promise<Scene> {
  let handled = 0
  let abandoned = 0
  const count: RequestHandler = (request, reply) => {
    handled += 1
    reply.onClose((complete) => (abandoned += complete ? 0 : 1))
    onRequest(request, reply)
  }
  const listener = await listenFor(count, limits, true, usesTls ? tls : undefined)
  const raw = openRaw(listener.port, usesTls)
  context.after(async () => {
    raw.destroy()
    await listener.close(0)
  })
  raw.send(PREFACE, settings())
  await raw.until(({ type }) => type === FrameType.settings)
  return { ...raw, handled: () => handled, abandoned: () => abandoned, connections: listener.connections }
}

const said = ({ frames }: RawSession) => frames.map(meaning).filter((text) => text !== '')
const times = (count: number, make: (index: number) => Buffer) =>
  Array.from({ length: count }, (_, index) => make(index))
const get = (stream: number) => headers(stream, pseudo())
const reset = (stream: number) => frame(FrameType.rstStream, 0, stream, uint32(8))
const isPong = ({ type, flags }: { type: number; flags: number }) =>
  type === FrameType.ping && flags === Flag.ack

async function pong(raw: RawSession): Promise<void> {
  const seen = raw.frames.filter(isPong).length
  raw.send(frame(FrameType.ping, 0, 0, Buffer.alloc(8)))
  await raw.until(() => raw.frames.filter(isPong).length > seen)
}

for (const usesTls of [false, true]) {
  describe(`an attack on a session of HTTP/2 ${usesTls ? 'over TLS' : 'without TLS'}`, () => {
    const open = openSession.bind(undefined, usesTls)

    it('by resets behind their requests is ended, and what was handed on is given up', async (context) => {
      const raw = await open(context, silence)
      raw.send(...times(1_000, (index) => Buffer.concat([get(2 * index + 1), reset(2 * index + 1)])))
      await raw.closed
      assert.deepEqual(said(raw), ['GOAWAY ENHANCE_YOUR_CALM'])
      assert.ok(raw.handled() <= 300, String(raw.handled()))
      assert.equal(raw.abandoned(), raw.handled())
    })

    it('by resets of requests that are under way is ended after a few hundred', async (context) => {
      const raw = await open(context, silence)
      let sent = 0
      while (raw.isOpen() && sent < 5_000) {
        raw.send(get(2 * sent + 1))
        // What is handed on costs the service something; the answer to a ping says that it was.
        if (sent % 20 === 0) await pong(raw)
        raw.send(reset(2 * sent + 1))
        sent += 1
      }
      await raw.closed
      assert.equal(said(raw).at(-1), 'GOAWAY ENHANCE_YOUR_CALM')
      assert.ok(raw.handled() < 2_000, String(raw.handled()))
      assert.equal(raw.abandoned(), raw.handled())
    })

    it('by requests that make the gateway reset them is ended', async (context) => {
      const raw = await open(context, silence)
      const broken = [...pseudo(), ['connection', 'close']] as const
      raw.send(...times(2_000, (index) => headers(2 * index + 1, broken)))
      await raw.closed
      // Over TLS the end of the connection overtakes the goodbye.
      assert.match(said(raw).at(-1) as string, usesTls ? /^(?:GOAWAY|RST)/ : /^GOAWAY/)
      assert.ok(said(raw).length < 1_000, `${said(raw).length} of 2,000 were answered`)
      assert.equal(raw.handled(), 0)
    })

    it('by pings is ended', async (context) => {
      const raw = await open(context, answer)
      raw.send(...times(1_000, () => frame(FrameType.ping, 0, 0, Buffer.alloc(8))))
      await raw.closed
      assert.deepEqual(said(raw), ['GOAWAY ENHANCE_YOUR_CALM'])
    })

    it('by settings is ended', async (context) => {
      const raw = await open(context, answer)
      raw.send(...times(1_000, () => settings([3, 100])))
      await raw.closed
      assert.deepEqual(said(raw), ['GOAWAY ENHANCE_YOUR_CALM'])
    })

    it('by a head without end is ended', async (context) => {
      const raw = await open(context, answer)
      const piece = block([['x-a', 'b'.repeat(1_000)]])
      raw.send(
        headers(1, pseudo(), Flag.endStream),
        ...times(1_000, () => frame(FrameType.continuation, 0, 1, piece)),
      )
      await raw.closed
      assert.match(said(raw).at(-1) ?? 'GOAWAY', /^GOAWAY/)
      assert.equal(raw.handled(), 0)
    })

    it('by empty frames of a head without end is ended', async (context) => {
      const raw = await open(context, answer)
      raw.send(
        headers(1, pseudo(), Flag.endStream),
        ...times(10_000, () => frame(FrameType.continuation, 0, 1)),
      )
      await raw.closed
      assert.equal(raw.handled(), 0)
    })

    it('by empty frames of a body is ended', async (context) => {
      const raw = await open(context, (request) => request.readBody(1_000, () => undefined))
      raw.send(
        headers(1, pseudo('POST'), Flag.endHeaders),
        ...times(5_000, () => frame(FrameType.data, 0, 1)),
      )
      await raw.closed
      assert.match(said(raw).at(-1) as string, /^GOAWAY/)
    })

    it('by a head that grows when it is unpacked is refused', async (context) => {
      const raw = await open(context, answer)
      // A field of 4,000 bytes goes into the table and is then named by one byte each time.
      const large = Buffer.concat([Buffer.of(0x40), block([['x-a', 'b'.repeat(4_000)]]).subarray(1)])
      const bomb = Buffer.concat([block(pseudo()), large, Buffer.alloc(10_000, 0x80 | 62)])
      raw.send(frame(FrameType.headers, Flag.endHeaders | Flag.endStream, 1, bomb))
      await raw.until((one) => meaning(one) !== '')
      assert.deepEqual(said(raw), ['RST 1 ENHANCE_YOUR_CALM'])
      assert.equal(raw.handled(), 0)
    })

    it('by more requests at once than were agreed is refused for those', async (context) => {
      const raw = await open(context, silence)
      raw.send(...times(150, (index) => get(2 * index + 1)))
      await raw.until((one) => meaning(one) === 'RST 299 REFUSED_STREAM')
      assert.equal(said(raw).length, 22)
      assert.equal(raw.handled(), 128)
    })

    it('by answers that nobody takes is cut off, stream by stream', async (context) => {
      const large: RequestHandler = (_, reply) => reply.send(fixedHead(200, []), Buffer.alloc(100_000))
      const raw = await open(context, large, { sendTimeoutMs: 100, keepAliveTimeoutMs: 1_000 })
      raw.send(settings([4, 0]), ...times(20, (index) => get(2 * index + 1)))
      await raw.until(() => said(raw).filter((text) => text.startsWith('RST')).length === 20)
      assert.equal(raw.abandoned(), 20)
      assert.ok(said(raw).includes('RST 39 INTERNAL_ERROR'))
    })

    it('by a connection that is not read is cut off', async (context) => {
      const large: RequestHandler = (_, reply) => reply.send(fixedHead(200, []), Buffer.alloc(4_000_000))
      const raw = await open(context, large, { sendTimeoutMs: 100, keepAliveTimeoutMs: 100 })
      raw.pause()
      raw.send(
        settings([4, 2 ** 31 - 1]),
        frame(FrameType.windowUpdate, 0, 0, uint32(2 ** 30)),
        ...times(20, (index) => get(2 * index + 1)),
      )
      while (raw.connections() > 0) await new Promise((resolve) => setTimeout(resolve, 20))
      assert.equal(raw.abandoned(), 20)
    })

    it('by a head that does not go on is ended', async (context) => {
      const raw = await open(context, answer, { keepAliveTimeoutMs: 100 })
      raw.send(headers(1, pseudo(), Flag.endStream))
      await raw.closed
      assert.equal(raw.handled(), 0)
    })

    it('by a body that does not go on is answered 408', async (context) => {
      const read: RequestHandler = (request) => request.readBody(1_000, () => undefined)
      const raw = await open(context, read, { requestTimeoutMs: 100 })
      raw.send(headers(1, pseudo('POST'), Flag.endHeaders), frame(FrameType.data, 0, 1, Buffer.from('x')))
      await raw.until((one) => meaning(one).startsWith('RST'))
      assert.deepEqual(said(raw), ['1 408', 'RST 1 NO_ERROR'])
    })
  })
}

const open = openSession.bind(undefined, false)

describe('a session of HTTP/2', () => {
  it('that says nothing is closed as soon as one of HTTP/1.1 would be', async (context) => {
    const listener = await listenFor(answer, { headersTimeoutMs: 50 })
    context.after(() => listener.close(0))
    const [silent, begun] = [openRaw(listener.port), openRaw(listener.port)]
    begun.send(PREFACE.subarray(0, 10))
    await Promise.all([silent.closed, begun.closed])
  })

  it('is told to end when it has been idle, and when it has had its number of requests', async (context) => {
    const idle = await open(context, answer, { keepAliveTimeoutMs: 50 })
    await idle.closed
    assert.deepEqual([...new Set(said(idle))], ['GOAWAY NO_ERROR'])
    const worn = await open(context, answer, { maxRequestsPerConnection: 3 })
    worn.send(...times(3, (index) => get(2 * index + 1)))
    await worn.closed
    assert.deepEqual([...new Set(said(worn))].toSorted(), ['1 200', '3 200', '5 200', 'GOAWAY NO_ERROR'])
  })

  it('finishes what is under way when the listener closes, and takes nothing more', async (context) => {
    const replies: (() => void)[] = []
    const listener = await listenFor((_, reply) =>
      replies.push(() => reply.send(fixedHead(200, []), Buffer.from('ok'))),
    )
    const raw = openRaw(listener.port)
    context.after(() => raw.destroy())
    raw.send(PREFACE, settings(), get(1))
    await pong(raw)
    const closed = listener.close(10_000)
    await raw.until((one) => meaning(one) === 'GOAWAY NO_ERROR')
    raw.send(get(3))
    for (const reply of replies) reply()
    assert.equal(await closed, true)
    assert.equal(replies.length, 1)
    assert.ok(said(raw).includes('1 200'))
    assert.ok(!said(raw).includes('3 200'))
  })

  it('is done with bodies that nobody has read', async (context) => {
    const raw = await open(context, answer)
    const piece = Buffer.alloc(16_000)
    for (let stream = 1; stream < 600; stream += 2) {
      raw.send(headers(stream, pseudo('POST'), Flag.endHeaders), frame(FrameType.data, 0, stream, piece))
      await raw.until((one) => meaning(one) === `RST ${stream} NO_ERROR`)
      raw.send(frame(FrameType.windowUpdate, 0, 0, uint32(piece.byteLength)))
    }
    assert.equal(said(raw).filter((text) => text.endsWith(' 200')).length, 300)
  })

  it('is told to end with its next request where the listener wants connections to end', async (context) => {
    const listener = await listenFor(answer)
    const raw = openRaw(listener.port)
    context.after(() => listener.close(0))
    raw.send(PREFACE, settings())
    await pong(raw)
    listener.endConnections()
    raw.send(get(1))
    await raw.closed
    assert.deepEqual([...new Set(said(raw))].toSorted(), ['1 200', 'GOAWAY NO_ERROR'])
  })

  it('resets an answer that breaks off, and does not end it', async (context) => {
    const raw = await open(context, (_, reply) => {
      const sink = reply.stream(fixedHead(200, []))
      sink.write(Buffer.from('half'))
      setImmediate(() => sink.destroy())
    })
    raw.send(get(1))
    await raw.until((one) => meaning(one).startsWith('RST'))
    assert.deepEqual(said(raw), ['1 200', 'RST 1 INTERNAL_ERROR'])
    const ends = raw.frames.filter(({ stream, flags, type }) => {
      const isPart = type === FrameType.data || type === FrameType.headers
      return isPart && stream === 1 && (flags & Flag.endStream) !== 0
    })
    assert.deepEqual(ends, [])
  })

  it('hands on no field that is none', async (context) => {
    const seen: string[] = []
    const raw = await open(context, (request, reply) => {
      seen.push(...request.headers.pairs())
      answer(request, reply)
    })
    const odd = ['x a', 'x:a', ''].map((name) => [name, '1'] as const)
    const values = ['1\r\nx-b: 2', '1\n2', '1\0', ' 1'].map((value) => ['x-a', value] as const)
    const crumbs = ['a=1', 'b=2'].map((value) => ['cookie', value] as const)
    raw.send(headers(1, [...pseudo(), ...odd, ...values, ...crumbs]))
    await raw.until((one) => meaning(one) === '1 200')
    assert.deepEqual(seen, ['host', 'shop.test', 'cookie', 'a=1; b=2'])
  })
})
