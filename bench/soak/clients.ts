import * as http from 'node:http'
import * as https from 'node:https'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'

import { WebSocket } from 'ws'

import { askH2, openH2 } from '../../test/support/h2-client.ts'

/** One thing that a client does, from its beginning to its end; resolves to what came of it. */
export type Deed = (turn: number) => Promise<string>

/** What clients do to a gateway at this port of this machine, by name. */
export function clientDeeds(port: number, usesTls: boolean): Readonly<Record<string, Deed>> {
  const { Agent, request: ask } = usesTls ? https : http
  const agent = new Agent({ keepAlive: true, maxSockets: 50, rejectUnauthorized: false })
  const call = (method: string, path: string, headers: Record<string, string> = {}, body?: Buffer) =>
    new Promise<string>((resolve) => {
      const request = ask(
        { agent, host: '127.0.0.1', port, method, path, headers: { ...headers, host: 'shop.test' } },
        (response) => {
          response.resume()
          response.on('end', () => resolve(String(response.statusCode)))
          response.on('error', () => resolve('broke off'))
        },
      )
      request.on('error', () => resolve('broke off'))
      request.end(body)
    })
  const json = { 'content-type': 'application/json' }
  const upload = Buffer.alloc(500_000, 'x')
  return {
    plain: (turn) => call('GET', `/plain/${turn}`, { 'x-caller': `caller-${turn % 50_000}` }),
    'not valid': (turn) =>
      turn % 2 === 0
        ? call('GET', '/plain/seven')
        : call('POST', '/orders', json, Buffer.from('{"title":1}')),
    validated: (turn) =>
      call('POST', '/orders', json, Buffer.from(JSON.stringify({ title: `t${turn}`, amount: 1 + turn }))),
    'not there': (turn) => call('GET', `/nothing/${turn}?token=t${turn}`),
    cached: (turn) => call('GET', `/cached/${turn % 20_000}`),
    plugin: () => call('GET', '/plugin'),
    streamed: () => call('GET', '/stream'),
    uploaded: () => call('POST', '/upload', { 'content-type': 'text/plain' }, upload),
    'HTTP/2': (turn) => overHttp2(port, turn, usesTls),
    WebSocket: (turn) => overWebSocket(port, turn, usesTls),
    'left in the middle of a body': () =>
      leave(
        port,
        'POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: a/b\r\nContent-Length: 90000\r\n\r\nhalf',
        { usesTls },
      ),
    'left in the middle of an answer': () =>
      leave(port, 'GET /stream HTTP/1.1\r\nHost: a\r\n\r\n', { usesTls, waitsForAnswer: true }),
    'left while waiting': () => leave(port, 'GET /slow HTTP/1.1\r\nHost: a\r\n\r\n', { usesTls }),
    'left in the middle of a head': () => leave(port, 'GET /plain/1 HTTP/1.1\r\nHos', { usesTls }),
    'opened and closed': () => leave(port, ''),
    'another protocol': () =>
      leave(port, usesTls ? 'GET / HTTP/1.1\r\n\r\n' : '\u0016\u0003\u0001\r\n\r\n', {
        waitsForAnswer: true,
      }),
  }
}

/** A session of several requests; every other one is cut off instead of closed. */
async function overHttp2(port: number, turn: number, usesTls: boolean): Promise<string> {
  const session = openH2(port, { scheme: usesTls ? 'https' : 'http' })
  const ask = (path: string) => askH2(session, { path, headers: [['x-caller', `h2-${turn}`]] })
  const answers = ['/plain/1', '/cached/2', '/version', '/stream', '/nothing'].map((path) =>
    ask(path).then(
      ({ status }) => status,
      () => 0,
    ),
  )
  if (turn % 2 === 1) await answers[2]
  else await Promise.all(answers)
  if (turn % 2 === 1) session.destroy()
  else session.close()
  await Promise.all(answers)
  return turn % 2 === 1 ? 'cut off' : 'closed'
}

/** A few messages there and back; every third connection is cut off instead of closed. */
function overWebSocket(port: number, turn: number, usesTls: boolean): Promise<string> {
  return new Promise((resolve) => {
    const url = `${usesTls ? 'wss' : 'ws'}://127.0.0.1:${port}/socket`
    const socket = new WebSocket(url, { rejectUnauthorized: false })
    let left = 5
    socket.on('open', () => socket.send('x'.repeat(1000)))
    socket.on('message', (message) => {
      left -= 1
      if (left > 0) return socket.send(message)
      if (turn % 3 === 0) socket.terminate()
      else socket.close()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(left > 0 ? 'broke off' : turn % 3 === 0 ? 'cut off' : 'closed'))
  })
}

/** Sends something and resets the connection soon after, or once something came back. */
function leave(
  port: number,
  text: string,
  { usesTls = false, waitsForAnswer = false } = {},
): Promise<string> {
  return new Promise((resolve) => {
    const connection = connect(port, '127.0.0.1')
    const socket = usesTls ? connectTls({ socket: connection, rejectUnauthorized: false }) : connection
    const reset = () => connection.resetAndDestroy()
    socket.once(usesTls ? 'secureConnect' : 'connect', () => {
      socket.write(text)
      if (!waitsForAnswer) setTimeout(reset, 5)
    })
    socket.once('data', reset)
    for (const end of [socket, connection]) {
      end.on('end', () => connection.destroy())
      end.on('error', () => connection.destroy())
    }
    connection.on('close', () => resolve('left'))
  })
}
