import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { describe, it } from 'node:test'

import { fixedHead, type BodySink } from '../../src/runtime/http/index.ts'
import { listenFor } from '../support/echo-listener.ts'
import { rawExchange } from '../support/raw-exchange.ts'

const get = (path: string) => Buffer.from(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`)

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10))
}

describe('the patience of a listener', () => {
  it('with a client that has closed its side lasts as long as it may, and an answer that comes by then is sent', async () => {
    const ends: string[] = []
    const listener = await listenFor(
      ({ path }, reply) => {
        reply.onClose((complete) => ends.push(`${path} ${complete}`))
        if (path === '/soon') setTimeout(() => reply.send(fixedHead(200, []), null), 20)
      },
      { halfClosedTimeoutMs: 1000 },
    )
    assert.match(await rawExchange(listener.port, [get('/soon')]), /^HTTP\/1\.1 200 /)
    assert.equal(await rawExchange(listener.port, [get('/never')]), '')
    await until(() => ends.length === 2)
    assert.deepEqual(ends, ['/soon true', '/never false'])
    await listener.close(0)
  })

  it('with a client that does not read its answer ends, and with one that reads does not', async () => {
    const piece = Buffer.alloc(64 * 1024, 'x')
    const ends: string[] = []
    const listener = await listenFor(
      ({ path }, reply) => {
        reply.onClose((complete) => ends.push(`${path} ${complete}`))
        const sink: BodySink = reply.stream({ status: 200, lines: '', hasDate: false, lengthBytes: -1 })
        let leftBytes = 64 * 1024 * 1024
        const go = () => {
          while (leftBytes > 0) {
            leftBytes -= piece.byteLength
            if (!sink.write(piece)) return
          }
          sink.end()
        }
        sink.onDrain(go)
        go()
      },
      { sendTimeoutMs: 500 },
    )
    const still = connect(listener.port, '127.0.0.1')
    still.on('error', () => still.destroy())
    still.pause()
    still.write(get('/still'))
    let readBytes = 0
    const reads = connect(listener.port, '127.0.0.1')
    reads.on('data', (chunk) => (readBytes += chunk.byteLength))
    reads.write(get('/reads'))
    await until(() => ends.length === 2)
    assert.deepEqual(ends.toSorted(), ['/reads true', '/still false'])
    await until(() => readBytes > 64 * 1024 * 1024)
    still.destroy()
    reads.destroy()
    await listener.close(0)
  })
})
