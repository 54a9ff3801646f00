import assert from 'node:assert/strict'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { after, before, describe, it } from 'node:test'

import { planArtifact, route } from '../support/plan-artifact.ts'
import { spawnGateway, type SpawnedGateway } from '../support/spawn-gateway.ts'

/** A service that counts, and is well or not as the test wants. */
interface Service {
  readonly name: string
  readonly origin: string
  readonly server: Server
  isWell: boolean
  isReachable: boolean
  requests: number
  checks: number
  bodies: string[]
}

async function startService(name: string): Promise<Service> {
  const server = createServer((request, response: ServerResponse) => {
    if (!service.isReachable) return void request.socket.destroy()
    if (request.url === '/base/health') {
      service.checks += 1
      return void response.writeHead(service.isWell ? 200 : 500).end()
    }
    service.requests += 1
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      service.bodies.push(Buffer.concat(chunks).toString())
      response.writeHead(service.isWell ? 200 : 503, { 'x-service': name }).end(request.url)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const service: Service = {
    name,
    origin: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    server,
    isWell: true,
    isReachable: true,
    requests: 0,
    checks: 0,
    bodies: [],
  }
  return service
}

describe('a gateway before several services', () => {
  const cleanups: (() => unknown)[] = []
  let services: readonly Service[]
  let gateway: SpawnedGateway
  const scope = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) }

  before(async () => {
    services = await Promise.all(['a', 'b', 'c'].map(startService))
    for (const { server } of services) {
      cleanups.push(
        () => server.closeAllConnections(),
        () => server.close(),
      )
    }
    const targets = services.map(({ origin }, index) => ({
      url: `${origin}/base`,
      weight: index === 0 ? 2 : 1,
    }))
    const to = (config: object) => ({ name: 'http-upstream', config: { targets, ...config } })
    const [first] = services as [Service, ...Service[]]
    const artifact = planArtifact({
      allowPlaintext: true,
      routes: [
        route('GET', '/turn', { dispatch: to({}) }),
        route('GET', '/sticky', {
          dispatch: to({ load_balancing: { policy: 'hash', hash_on: 'cookie:s' } }),
        }),
        route('GET', '/checked/{rest+}', {
          dispatch: to({
            strip_prefix: '/checked',
            health_check: { path: '/health', interval: 0.1, unhealthy_threshold: 1, healthy_threshold: 1 },
          }),
        }),
        route('GET', '/retried', { dispatch: to({ retries: { budget_minimum: 1000 } }) }),
        route('GET', '/ejected', {
          dispatch: to({ ejection: { consecutive_failures: 1, base_seconds: 600, max_seconds: 600 } }),
        }),
        route('POST', '/events', {
          body: { required: false, content: [{ media_range: '*/*', schema: null, encoding: {} }] },
          dispatch: {
            name: 'fire-and-forget',
            config: { url: `${first.origin}/base/sink?from=gateway`, max_attempts: 20, backoff_ms: 20 },
          },
        }),
      ],
    })
    gateway = await spawnGateway(scope, { artifact, flags: ['--allow-plaintext-upstream'] })
  })
  after(async () => {
    for (const cleanup of cleanups.toReversed()) await cleanup()
  })

  const ask = async (path: string, headers: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(gateway.url + path, { headers })
    return { status: response.status, service: response.headers.get('x-service'), url: await response.text() }
  }
  const metric = async (pattern: RegExp) =>
    pattern.exec(await (await fetch(`${gateway.adminUrl}/metrics`)).text())?.[1]
  const reset = () => {
    for (const service of services) Object.assign(service, { isWell: true, isReachable: true, requests: 0 })
  }
  /** Resolves when the admin API says so. */
  const whenStates = async (states: readonly string[]) => {
    for (;;) {
      const { groups } = (await (await fetch(`${gateway.adminUrl}/upstreams`)).json()) as {
        readonly groups: readonly { readonly targets: readonly { readonly state: string }[] }[]
      }
      const found = groups.map(({ targets }) => targets.map(({ state }) => state).join(' '))
      if (found.includes(states.join(' '))) return
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  it('divides requests by weight, exactly', async () => {
    reset()
    for (let count = 0; count < 40; count += 1) await ask('/turn')
    assert.deepEqual(
      services.map(({ requests }) => requests),
      [20, 10, 10],
    )
  })

  it('gives a client its service every time', async () => {
    const seen = new Set<string | null>()
    for (const session of ['1', '2', '3', '4', '5', '6', '7', '8']) {
      const answers = await Promise.all(
        Array.from({ length: 3 }, () => ask('/sticky', { cookie: `s=${session}` })),
      )
      const names = new Set(answers.map(({ service }) => service))
      assert.equal(names.size, 1)
      for (const name of names) seen.add(name)
    }
    assert.ok(seen.size > 1)
  })

  it('leaves a service alone that its checks find down, and no request notices', async () => {
    reset()
    const [, second] = services as readonly [Service, Service, Service]
    await whenStates(['up', 'up', 'up'])
    second.isWell = false
    await whenStates(['up', 'down', 'up'])
    second.requests = 0
    for (let count = 0; count < 20; count += 1) assert.equal((await ask('/checked/x')).status, 200)
    assert.equal(second.requests, 0)
    const { url } = await ask('/checked/x?y')
    assert.equal(url, '/base/x?y')
    assert.equal(
      await metric(new RegExp(`target_up\\{group="[0-9a-f]+",target="${second.origin}/base"\\} (0)`)),
      '0',
    )
    second.isWell = true
    await whenStates(['up', 'up', 'up'])
  })

  it('answers 503 with Retry-After when all of them are down', async () => {
    for (const service of services) service.isWell = false
    await whenStates(['down', 'down', 'down'])
    const response = await fetch(`${gateway.url}/checked/x`)
    assert.equal(response.status, 503)
    assert.equal(response.headers.get('retry-after'), '1')
    const { type } = (await response.json()) as { type: string }
    assert.equal(type, 'urn:barbacane:error:upstream-down')
    reset()
    await whenStates(['up', 'up', 'up'])
  })

  it('asks another service where one breaks off or says that it cannot', async () => {
    reset()
    const [first, second] = services as readonly [Service, Service, Service]
    first.isReachable = false
    second.isWell = false
    for (let count = 0; count < 20; count += 1) await ask('/retried')
    const statuses = await Promise.all(Array.from({ length: 20 }, () => ask('/retried')))
    // Two attempts a request: the one that meets both gets the answer of the second.
    for (const { status, service } of statuses) assert.ok(status === 200 ? service === 'c' : status >= 502)
    assert.ok(statuses.some(({ status }) => status === 200))
    assert.ok(Number(await metric(/barbacane_upstream_retries_total\{[^}]*\} (\d+)/)) > 0)
    reset()
  })

  it('ejects services that fail, and asks them no more', async () => {
    reset()
    const [, second, third] = services as readonly [Service, Service, Service]
    for (const service of [second, third]) service.isWell = false
    const answers = []
    for (let count = 0; count < 20; count += 1) answers.push(await ask('/ejected'))
    assert.equal(answers.filter(({ status }) => status === 503).length, 2)
    assert.deepEqual([second.requests, third.requests], [1, 1])
    reset()
  })

  it('forwards what it has answered when the service is back', async () => {
    reset()
    const [first] = services as readonly [Service, ...Service[]]
    first.isReachable = false
    first.bodies = []
    const send = async (body: string) => {
      const response = await fetch(`${gateway.url}/events?n=${body}`, { method: 'POST', body })
      return response.status
    }
    assert.deepEqual(await Promise.all(['1', '2', '3'].map(send)), [202, 202, 202])
    assert.deepEqual(first.bodies, [])
    first.isReachable = true
    while (first.bodies.length < 3) await new Promise((resolve) => setTimeout(resolve, 20))
    assert.deepEqual(new Set(first.bodies), new Set(['1', '2', '3']))
  })

  it('delivers before it ends, and stops its checks', async () => {
    const [first] = services as readonly [Service, ...Service[]]
    first.bodies = []
    first.isReachable = false
    const response = await fetch(`${gateway.url}/events`, { method: 'POST', body: 'last' })
    assert.equal(response.status, 202)
    setTimeout(() => (first.isReachable = true), 100)
    assert.equal(await gateway.stop(), 0)
    assert.deepEqual(first.bodies, ['last'])
  })
})
