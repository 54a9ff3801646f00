import { createServer } from 'node:http'

import { provenanceJson, simulatedArtifact, simulatedNode } from '../test/support/simulated-node.ts'

// Answers as many nodes as the first argument says, each at a loopback address of its own, and prints where they are.
const count = Number(process.argv[2])
const INPUTS = 12

const running = simulatedArtifact('benchmark', INPUTS)
const nodes = Array.from({ length: count }, (_, index) => simulatedNode(`node-${index}`))
const addressOf = (index: number) => `127.${1 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`
const byAddress = new Map(nodes.map((node, index) => [addressOf(index), node]))

const server = createServer((request, reply) => {
  const simulated = byAddress.get(request.socket.localAddress ?? '')
  const nonce = new URL(request.url ?? '', 'http://node').searchParams.get('nonce')
  if (simulated === undefined || nonce === null) return void reply.writeHead(404).end()
  const { node, key } = simulated
  const body = JSON.stringify(provenanceJson({ name: node.name, key, running, nonce, timeMs: Date.now() }))
  reply
    .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    .end(body)
})

server.listen(0, '0.0.0.0', 4096, () => {
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const listed = nodes.map(({ node }, index) => ({
    name: node.name,
    url: `http://${addressOf(index)}:${port}`,
    publicKey: node.publicKeys[0],
  }))
  process.stdout.write(`${JSON.stringify({ hash: running.hash, digest: running.digest, nodes: listed })}\n`)
})
