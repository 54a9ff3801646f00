import assert from 'node:assert/strict'
import { createHash, hash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, get, type Server } from 'node:http'
import { after, before, describe, it } from 'node:test'

import { planArtifact, route, upstream } from '../support/plan-artifact.ts'
import { spawnGateway, type SpawnedGateway } from '../support/spawn-gateway.ts'

const SIZE_BYTES = 6_000_000

/** Bytes of which no two places are alike, and no two answers. */
function bodyOf(seed: number): Buffer {
  const words = new Uint32Array(SIZE_BYTES / 4)
  for (let index = 0; index < words.length; index += 1)
    words[index] = Math.imul(index + 1, 2_654_435_761) ^ seed
  return Buffer.from(words.buffer)
}

/** What a client gets that reads in steps with pauses between them, so that much of the answer has to wait. */
function digestOf(url: string, isSlow: boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      const digest = createHash('sha256')
      response.on('data', (chunk: Buffer) => {
        digest.update(chunk)
        if (!isSlow) return
        response.pause()
        setTimeout(() => response.resume(), 1)
      })
      response.on('end', () => resolve(digest.digest('hex')))
      response.on('error', reject)
    }).on('error', reject)
  })
}

describe('large answers of a service', () => {
  const cleanups: (() => unknown)[] = []
  let server: Server
  let gateway: SpawnedGateway

  before(async () => {
    server = createServer((request, response) => {
      const [, kind = '', seed] = (request.url ?? '').split('/')
      const body = bodyOf(Number(seed))
      if (kind === 'length') response.setHeader('content-length', body.byteLength)
      // Pieces of many sizes, smaller and larger than what is read at once.
      for (let start = 0, step = 1; start < body.byteLength; start += step, step = (step * 3 + 7) % 200_000) {
        response.write(body.subarray(start, start + step))
      }
      response.end()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { readonly port: number }
    const dispatch = upstream(`http://127.0.0.1:${port}`)
    const correlating = { name: 'correlation-id', config: {} }
    const artifact = planArtifact({
      allowPlaintext: true,
      routes: [
        route('GET', '/{rest+}', { dispatch }),
        // Whoever looks at the answer on its way gets bytes of its own.
        route('GET', '/hooked/{seed}', { dispatch, middlewares: [correlating] }),
      ],
    })
    const scope = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) }
    gateway = await spawnGateway(scope, { artifact, flags: ['--allow-plaintext-upstream'] })
  })
  after(() => {
    for (const cleanup of cleanups.toReversed()) cleanup()
    server.closeAllConnections()
    server.close()
  })

  for (const kind of ['length', 'chunked', 'hooked']) {
    it(`come as they were sent, to clients that read slowly and to many at once (${kind})`, async () => {
      const asked = Array.from({ length: 12 }, (_, seed) => ({ seed, isSlow: seed % 2 === 0 }))
      const digests = await Promise.all(
        asked.map(({ seed, isSlow }) => digestOf(`${gateway.url}/${kind}/${seed}`, isSlow)),
      )
      assert.deepEqual(
        digests,
        asked.map(({ seed }) => hash('sha256', bodyOf(seed))),
      )
    })
  }
})
