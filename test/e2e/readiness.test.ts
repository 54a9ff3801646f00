import assert from 'node:assert/strict'
import { createServer as createHttpServer, type ServerResponse } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { describe, it } from 'node:test'

import { body, planArtifact, route } from '../support/plan-artifact.ts'
import { spawnGateway, type CleanupScope, type SpawnedGateway } from '../support/spawn-gateway.ts'

/** So many that compiling them takes longer than asking whether that is done. */
const SCHEMAS = 300

/** An API in which each operation has a schema of its own, which none has needed before. */
function largeApi(): Buffer {
  const schemas = Array.from({ length: SCHEMAS }, (_, index) => ({
    type: 'object',
    required: [`member${index}`],
    properties: {
      [`member${index}`]: { type: 'integer', minimum: index },
      ...Object.fromEntries(
        Array.from({ length: 8 }, (__, number) => [
          `other${number}`,
          {
            anyOf: [
              { type: 'string', pattern: `^[a-z]{${number + 1},}$` },
              { type: 'array', uniqueItems: true },
            ],
          },
        ]),
      ),
    },
  }))
  return planArtifact({
    schemas,
    routes: schemas.map((_, index) =>
      route('POST', `/things${index}`, { body: body('application/json', index) }),
    ),
  })
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) =>
          server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
        ),
    ),
  )
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

/** The answers to one question that is asked again and again; `refused` where nobody listens. */
function keepAsking(ask: () => Promise<string>) {
  const answers: string[] = []
  const stop = new AbortController()
  const run = async () => {
    while (!stop.signal.aborted) {
      answers.push(await ask().catch(() => 'refused'))
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }
  const running = run()
  return {
    answers,
    stop: async () => {
      stop.abort()
      await running
      return answers
    },
  }
}

const readyOf = (admin: string) => async () => {
  const response = await fetch(`${admin}/ready`)
  return `${response.status} ${((await response.json()) as { status: string }).status}`
}

/** Without what is the same as before. */
const changesOf = (answers: readonly string[]) =>
  answers.filter((answer, index) => answer !== answers[index - 1])

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; !(await isSo()); waitedMs += 20) {
    assert.ok(waitedMs < 120_000, `never so: ${String(isSo)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Starts a gateway and asks it from before it is there until it is ready and a little longer. */
async function watchStart(context: CleanupScope, artifact: Uint8Array, given: readonly string[]) {
  const [port = 0, adminPort = 0] = await freePorts(2)
  const ready = keepAsking(readyOf(`http://127.0.0.1:${adminPort}`))
  let turn = 0
  const served = keepAsking(async () => {
    turn += 1
    const index = SCHEMAS - 1 - (turn % SCHEMAS)
    const response = await fetch(`http://127.0.0.1:${port}/things${index}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ [`member${index}`]: index - (turn % 2) }),
    })
    await response.arrayBuffer()
    return String(response.status)
  })
  const addresses = ['--listen', `127.0.0.1:${port}`, '--admin-bind', `127.0.0.1:${adminPort}`]
  const gateway = await spawnGateway(context, {
    artifact,
    flags: [...addresses, '--log-level', 'warn', ...given],
  })
  await until(() => ready.answers.includes('200 ready'))
  const before = served.answers.length
  await until(() => served.answers.length > before + 20)
  return { gateway, ready: changesOf(await ready.stop()), served: new Set(await served.stop()) }
}

/** A service that holds every request until it is let go. */
async function holdingService(context: CleanupScope) {
  const held: ServerResponse[] = []
  const server = createHttpServer((_, response) => void held.push(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  context.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { held, port: (server.address() as AddressInfo).port }
}

const withKeysFrom = (port: number, config: object = {}) =>
  planArtifact({
    allowPlaintext: true,
    routes: [
      route('GET', '/a', {
        middlewares: [
          { name: 'jwt-auth', config: { jwks_url: `http://127.0.0.1:${port}/keys`, issuer: 'a', ...config } },
        ],
      }),
    ],
  })

const flags = ['--allow-plaintext-upstream']
const isReady = async ({ adminUrl }: SpawnedGateway) => (await readyOf(adminUrl)()) === '200 ready'

describe('a gateway that has much to compile', () => {
  for (const workers of [1, 2]) {
    it(`is not ready before that is done, and answers meanwhile: ${workers} of them`, async (context) => {
      const { ready, served } = await watchStart(context, largeApi(), ['--workers', String(workers)])
      assert.deepEqual(ready, ['refused', '503 warming', '200 ready'])
      assert.deepEqual([...served].toSorted(), ['200', '400', 'refused'])
    })
  }

  it('is not ready where a worker is killed at it, until another has done it', async (context) => {
    const gateway = await spawnGateway(context, { artifact: largeApi(), flags: ['--workers', '2'] })
    const pids = async () => {
      const answer = await (await fetch(`${gateway.adminUrl}/_admin/provenance`)).json()
      return (answer as { workers: { pid: number }[] }).workers.map(({ pid }) => pid)
    }
    const [pid = 0] = await pids()
    assert.equal(await readyOf(gateway.adminUrl)(), '503 warming')
    process.kill(pid, 'SIGKILL')
    const ready = keepAsking(async () => `${await readyOf(gateway.adminUrl)()} of ${(await pids()).length}`)
    await until(() => ready.answers.includes('200 ready of 2'))
    const answers = changesOf(await ready.stop())
    assert.deepEqual(answers.slice(-2), ['503 warming of 2', '200 ready of 2'])
  })

  it('is never ready where something cannot be compiled', async (context) => {
    const schemas = [{ type: 'object', properties: { a: { type: 'nonsense' } } }]
    const artifact = planArtifact({ schemas, routes: [route('GET', '/a')] })
    for (const workers of ['1', '2']) {
      const gateway = await spawnGateway(context, { artifact, flags: ['--workers', workers] })
      await gateway.logged(({ msg }) => msg === 'a schema cannot be compiled')
      await new Promise((resolve) => setTimeout(resolve, 300))
      assert.equal(await readyOf(gateway.adminUrl)(), '503 warming')
    }
  })
})

describe('a gateway that needs keys', () => {
  it('has asked for them before it is ready', async (context) => {
    const { held, port } = await holdingService(context)
    const gateway = await spawnGateway(context, { artifact: withKeysFrom(port), flags })
    await until(() => held.length === 1)
    assert.equal(await readyOf(gateway.adminUrl)(), '503 warming')
    held[0]?.end('{"keys":[]}')
    await until(() => isReady(gateway))
    assert.equal(
      (await fetch(`${gateway.url}/a`, { headers: { authorization: 'Bearer a.b.c' } })).status,
      401,
    )
    assert.equal(held.length, 1)
  })

  it('is ready without them where they cannot be had: other operations do not need them', async (context) => {
    const { held, port } = await holdingService(context)
    const artifact = withKeysFrom(port, { jwks_timeout_seconds: 1 })
    const gateway = await spawnGateway(context, { artifact, flags })
    await gateway.logged(({ msg }) => msg === 'a key set cannot be fetched')
    await until(() => isReady(gateway))
    assert.equal(held.length, 1)
  })
})
