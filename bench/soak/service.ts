import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

import { WebSocketServer } from 'ws'

/** A service that can be killed with all of its connections and come back at the same address. */
export interface SoakService {
  readonly origin: string
  readonly restart: (pauseMs: number) => Promise<void>
  readonly stop: () => void
}

const MEBIBYTE = Buffer.alloc(2 ** 20, 'x')

/** Answers what {@link soakArtifact} forwards: small, large and slow answers, and echoes of WebSocket. */
export async function startService(): Promise<SoakService> {
  let running = create()
  await listen(running.server, 0)
  const { port } = running.server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    restart: async (pauseMs) => {
      running.kill()
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
      running = create()
      await listen(running.server, port)
    },
    stop: () => running.kill(),
  }
}

function create(): { readonly server: Server; readonly kill: () => void } {
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    request.resume()
    if (request.url === '/stream') return void response.end(MEBIBYTE)
    if (request.url === '/slow') return void setTimeout(() => response.end('at last'), 100)
    request.on('end', () => response.end(request.url))
  })
  const peers = new WebSocketServer({ noServer: true })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('upgrade', (request, socket: Socket, head) => {
    peers.handleUpgrade(request, socket, head, (peer) => {
      peer.on('error', () => peer.terminate())
      peer.on('message', (message, isBinary) => peer.send(message, { binary: isBinary }))
    })
  })
  const kill = () => {
    server.close()
    for (const socket of sockets) socket.resetAndDestroy()
  }
  return { server, kill }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}
