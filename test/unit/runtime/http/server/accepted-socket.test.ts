import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, Socket, type AddressInfo, type Server } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, describe, it } from 'node:test'

import {
  AcceptedSocket,
  pauseAsStream,
  receiveFrom,
} from '../../../../../src/runtime/http/server/accepted-socket.ts'

const servers: Server[] = []
after(() => {
  for (const server of servers) server.close()
})

/** A client, and its connection as the server has taken it over. */
async function connection() {
  const server = createServer({ allowHalfOpen: true })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [accepted] = (await once(server, 'connection')) as [Socket]
  const socket = AcceptedSocket.takeOver(accepted)
  assert.ok(socket !== undefined)
  return { server, client, socket }
}

describe('accepted sockets', () => {
  it('hands on what comes in memory that the next read of any of them writes over', async () => {
    const [one, other] = [await connection(), await connection()]
    const pieces: Buffer[] = []
    const read = (socket: Socket) =>
      new Promise<void>((resolve) => {
        receiveFrom(socket, (chunk) => {
          pieces.push(chunk)
          resolve()
        })
      })
    const first = read(one.socket)
    one.client.write('one')
    await first
    assert.equal(pieces[0]?.toString(), 'one')
    const second = read(other.socket)
    other.client.write('two')
    await second
    assert.deepEqual(pieces.map(String), ['two', 'two'])
    for (const { client, socket } of [one, other]) {
      client.destroy()
      socket.destroy()
    }
  })

  it('is a stream with all that comes, however much, once it is one', async () => {
    const { client, socket } = await connection()
    const sent = 'x'.repeat(3_000_000)
    const head = new Promise<string>((resolve) => {
      receiveFrom(socket, (chunk) => {
        resolve(chunk.toString())
        pauseAsStream(socket)
      })
    })
    client.write('head')
    assert.equal(await head, 'head')
    client.end(sent)
    assert.equal((await text(socket)).length, sent.length)
    socket.destroy()
  })

  it('counts as a connection of its server until it closes', async () => {
    const { server, client, socket } = await connection()
    const count = () => new Promise<number>((resolve) => server.getConnections((_, found) => resolve(found)))
    assert.equal(await count(), 1)
    client.destroy()
    socket.destroy()
    await once(socket, 'close')
    assert.equal(await count(), 0)
  })

  it('is not made of a socket that no server has accepted', () => {
    assert.equal(AcceptedSocket.takeOver(new Socket()), undefined)
  })
})
