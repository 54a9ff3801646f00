import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'

import { SocketOutput } from '../../../../src/runtime/http/socket-output.ts'

/** A socket whose writes are counted, and what comes out at its other end. */
async function connection(t: TestContext) {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [[peer]] = (await Promise.all([once(server, 'connection'), once(socket, 'connect')])) as [
    [Socket],
    [],
  ]
  t.after(() => {
    socket.destroy()
    peer.destroy()
    server.close()
  })
  const writes: number[] = []
  const write = socket.write.bind(socket)
  socket.write = (data: string | Buffer, ...rest: never[]) => {
    writes.push(data.length)
    return write(data, ...rest)
  }
  const received = () => peer.setEncoding('latin1').reduce((text: string, piece: string) => text + piece, '')
  return { socket, output: new SocketOutput(socket), writes, received }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('the output of a socket', () => {
  it('keeps what is small until the turn ends, and is one write then', async (t) => {
    const { output, writes, received } = await connection(t)
    output.writeText('one ')
    output.writeMessage('two ', Buffer.from('\u00e9 ', 'latin1'))
    let isTaken = false
    assert.equal(
      output.write(['three ', Buffer.from('four ')], 11, () => (isTaken = true)),
      true,
    )
    assert.ok(isTaken)
    assert.deepEqual(writes, [])
    await turn()
    assert.deepEqual(writes, [21])
    output.end()
    assert.equal(await received(), 'one two \u00e9 three four ')
  })

  it('keeps the order where something larger follows, which is written at once', async (t) => {
    const { output, writes, received } = await connection(t)
    output.writeText('small')
    const large = Buffer.alloc(20_000, 'x')
    output.write([large], large.length)
    assert.deepEqual(writes, [20_005])
    output.writeText('x'.repeat(8 * 1024))
    output.writeText('y')
    output.end()
    assert.deepEqual(writes, [20_005, 8 * 1024 + 1])
    assert.equal(await received(), `small${'x'.repeat(20_000 + 8 * 1024)}y`)
  })

  for (const [ending, end] of [
    ['end', (output: SocketOutput) => output.end()],
    ['destroySoon', (output: SocketOutput) => output.destroySoon()],
    ['destroy', (output: SocketOutput) => output.destroy(false)],
  ] as const) {
    it(`leaves nothing behind at ${ending}`, async (t) => {
      const { output, received } = await connection(t)
      output.writeText('the last word')
      end(output)
      assert.equal(await received(), 'the last word')
    })
  }

  it('writes nothing to a socket that is gone by the end of the turn', async (t) => {
    const { socket, output, writes } = await connection(t)
    output.writeText('too late')
    socket.destroy()
    await turn()
    assert.deepEqual(writes, [])
    assert.equal(output.write(['later'], 5), true)
    await turn()
    assert.deepEqual(writes, [])
  })

  it('does not wait for the end of the turn where many have something to write', async (t) => {
    const all = await Promise.all(Array.from({ length: 32 }, () => connection(t)))
    for (const { output } of all.slice(1)) output.writeText('x')
    assert.deepEqual(
      all.map(({ writes }) => writes.length),
      all.map(() => 0),
    )
    all[0]?.output.writeText('x')
    assert.deepEqual(
      all.map(({ writes }) => writes.length),
      all.map(() => 1),
    )
  })

  it('tells when a socket takes less than it is given', async (t) => {
    const { output } = await connection(t)
    const piece = Buffer.alloc(16 * 1024 * 1024)
    assert.equal(output.write([piece], piece.length), false)
    assert.equal(output.isRoomy, false)
  })
})
