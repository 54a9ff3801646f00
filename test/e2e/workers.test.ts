import assert from 'node:assert/strict'
import { connect, createServer, type AddressInfo } from 'node:net'
import { describe, it } from 'node:test'

import { decodeArtifact } from '../../src/artifact/index.ts'
import { keepAsking } from '../support/keep-asking.ts'
import { planArtifact, route, upstream } from '../support/plan-artifact.ts'
import { runToExit, spawnGateway, type CleanupScope, type SpawnedGateway } from '../support/spawn-gateway.ts'
import { describeAnswer, replaceFile, version } from '../support/versioned-api.ts'

const TOKEN = 'a token that nobody guesses'
const WORKERS = 2
const CONNECTIONS = 32

interface Configured {
  readonly artifact_hash: string
  readonly state: string
}
interface Provenance {
  readonly artifact_hash: string
  readonly workers: readonly { worker: number; pid: number; configurations: readonly Configured[] }[]
}

function start(context: CleanupScope, artifact: Uint8Array, flags: readonly string[] = []) {
  return spawnGateway(context, {
    artifact,
    flags: ['--workers', String(WORKERS), '--log-level', 'warn', '--reload-token', 'env://TOKEN', ...flags],
    env: { TOKEN },
  })
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; !(await isSo()); waitedMs += 20) {
    assert.ok(waitedMs < 60_000, `never so: ${String(isSo)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const provenanceOf = async (gateway: SpawnedGateway) =>
  (await (await fetch(`${gateway.adminUrl}/_admin/provenance`)).json()) as Provenance

const pidsOf = async (gateway: SpawnedGateway) => (await provenanceOf(gateway)).workers.map(({ pid }) => pid)

async function metric(gateway: SpawnedGateway, line: string): Promise<number> {
  const text = await (await fetch(`${gateway.adminUrl}/metrics`)).text()
  const found = text.split('\n').filter((one) => one.startsWith(line))
  return found.reduce((sum, one) => sum + Number(one.slice(one.lastIndexOf(' '))), 0)
}

const isServed = (gateway: SpawnedGateway, artifact: Uint8Array) => async () => {
  const { manifest } = decodeArtifact(Buffer.from(artifact))
  const { workers } = await provenanceOf(gateway)
  const active = workers.flatMap(({ configurations }) => configurations.map((one) => ({ ...one })))
  return (
    workers.length === WORKERS &&
    active.every(({ artifact_hash: hash, state }) => hash === manifest.artifact_hash && state === 'active')
  )
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const isListening = (url: string) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })

describe('workers', () => {
  it('answer as one node to those alone who have its token', async (context) => {
    const flags = ['--admin-token', 'env://TOKEN']
    const gateway = await start(context, planArtifact({ routes: [route('GET', '/a')] }), flags)
    const ask = async (headers: Readonly<Record<string, string>>) =>
      (await fetch(`${gateway.adminUrl}/_admin/provenance`, { headers })).status
    assert.equal(await ask({}), 401)
    assert.equal(await ask({ authorization: 'Bearer another' }), 401)
    assert.equal(await ask({ authorization: `Bearer ${TOKEN}` }), 200)
  })

  it('lead no route to the admin listener of their node', async (context) => {
    const port = await freePort()
    const dispatch = upstream(`http://127.0.0.1:${port}`)
    const artifact = planArtifact({
      allowPlaintext: true,
      routes: [route('GET', '/{rest+}', { dispatch }), route('POST', '/{rest+}', { dispatch })],
    })
    const flags = ['--admin-bind', `127.0.0.1:${port}`, '--allow-plaintext-upstream']
    const gateway = await start(context, artifact, flags)
    const headers = { authorization: `Bearer ${TOKEN}` }
    for (const path of ['/metrics', '/_admin/provenance', '/ready', '/upstreams'])
      assert.equal((await fetch(`${gateway.url}${path}`, { headers })).status, 403, path)
    const reload = await fetch(`${gateway.url}/_admin/reload`, { method: 'POST', headers })
    assert.deepEqual([reload.status, await reload.json()], [403, { error: 'not through a gateway' }])
    assert.equal((await fetch(`${gateway.adminUrl}/metrics`)).status, 200)
  })

  it('admit exactly the quota of rate-limit among them, under 10,000 requests', async (context) => {
    const quota = 700
    const config = { quota, window: 3600, partition_key: 'client_ip' }
    const middlewares = [{ name: 'rate-limit', config }]
    const gateway = await start(context, planArtifact({ routes: [route('GET', '/a', { middlewares })] }))
    const asked = keepAsking({
      url: `${gateway.url}/a`,
      connections: 100,
      describe: (head) => head.slice(9, 12),
    })
    await until(() => asked.answers() >= 10_000)
    const { answers, lost, seen } = await asked.stop()
    assert.deepEqual(Object.fromEntries(seen), { 200: quota, 429: answers - quota })
    assert.equal(lost, 0)
    // A worker that is started again knows what was counted.
    const [pid = 0] = await pidsOf(gateway)
    process.kill(pid, 'SIGKILL')
    await until(
      async () => !(await pidsOf(gateway)).includes(pid) && (await pidsOf(gateway)).length === WORKERS,
    )
    const again = keepAsking({
      url: `${gateway.url}/a`,
      connections: 50,
      describe: (head) => head.slice(9, 12),
    })
    await until(() => again.answers() >= 500)
    assert.deepEqual([...(await again.stop()).seen.keys()], ['429'])
  })

  it('that are killed under load are started again, and take nothing with them but what they had', async (context) => {
    const gateway = await start(context, version('one'))
    const asked = keepAsking({ url: `${gateway.url}/a`, connections: CONNECTIONS, describe: describeAnswer })
    const kills = 5
    for (let kill = 0; kill < kills; kill += 1) {
      const before = asked.answers()
      await until(() => asked.answers() > before + 200)
      const pids = await pidsOf(gateway)
      const counted = await metric(gateway, 'barbacane_requests_total')
      process.kill(pids[kill % WORKERS] as number, 'SIGKILL')
      await until(async () => {
        const now = await pidsOf(gateway)
        return now.length === WORKERS && now.join() !== pids.join()
      })
      assert.ok((await metric(gateway, 'barbacane_requests_total')) >= counted, 'counters never go back')
      assert.equal((await fetch(`${gateway.adminUrl}/ready`)).status, 200)
    }
    const { answers, lost, refused, seen } = await asked.stop()
    assert.deepEqual([...seen.keys()], ['one'])
    assert.equal(refused, 0, 'the port was never lost')
    // Each connection has one request in flight, and a killed worker has some of the connections.
    assert.ok(lost <= kills * CONNECTIONS, `${lost} of ${answers} lost`)
    assert.ok(answers > kills * 200)
    assert.equal(await metric(gateway, 'barbacane_worker_restarts_total'), kills)
    assert.equal(await metric(gateway, 'barbacane_workers'), WORKERS)
    assert.equal(
      gateway.log().filter(({ msg }) => msg === 'a worker has gone and is started again').length,
      kills,
    )
  })

  it('come back when all of them are killed at once, with what was loaded last', async (context) => {
    const gateway = await start(context, version('one'))
    replaceFile(gateway.artifactPath, version('two'))
    gateway.process.kill('SIGHUP')
    await until(isServed(gateway, version('two')))
    // What is on disk and was not loaded is not served by who is started again.
    replaceFile(gateway.artifactPath, version('three'))
    for (const pid of await pidsOf(gateway)) process.kill(pid, 'SIGKILL')
    await until(async () => (await metric(gateway, 'barbacane_worker_restarts_total')) === WORKERS)
    await until(isServed(gateway, version('two')))
    assert.equal(await (await fetch(`${gateway.url}/a`)).text(), 'two')
    assert.equal(
      (await provenanceOf(gateway)).artifact_hash,
      decodeArtifact(version('two')).manifest.artifact_hash,
    )
  })

  it('take another artifact together and without losing a request, or none of them does', async (context) => {
    const gateway = await start(context, version('v0'))
    const asked = keepAsking({ url: `${gateway.url}/a`, connections: CONNECTIONS, describe: describeAnswer })
    await until(() => asked.answers() > 100)
    const reload = () =>
      fetch(`${gateway.adminUrl}/_admin/reload`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}` },
      })
    for (let number = 1; number <= 10; number += 1) {
      const before = asked.answers()
      replaceFile(gateway.artifactPath, version(`v${number}`))
      assert.equal((await reload()).status, 200)
      await until(isServed(gateway, version(`v${number}`)))
      await until(() => asked.answers() > before + 100)
      replaceFile(gateway.artifactPath, planArtifact({ routes: [route('GET', '/a'), route('GET', '/a')] }))
      const refused = await reload()
      assert.equal(refused.status, 422)
      assert.equal(((await refused.json()) as { code: string }).code, 'BCN_ROUTE_CONFLICT')
      assert.ok(await isServed(gateway, version(`v${number}`))())
      await new Promise((resolve) => setTimeout(resolve, 400))
    }
    const { lost, dropped, seen } = await asked.stop()
    assert.deepEqual({ lost, dropped }, { lost: 0, dropped: 0 })
    const names = Array.from({ length: 11 }, (_, number) => `v${number}`)
    assert.deepEqual([...seen.keys()].toSorted(), names.toSorted())
  })

  it('that are killed while another artifact is loaded end with what the others have', async (context) => {
    const gateway = await start(context, version('v0'))
    for (let number = 1; number <= 5; number += 1) {
      const [pid = 0] = await pidsOf(gateway)
      replaceFile(gateway.artifactPath, version(`v${number}`))
      gateway.process.kill('SIGHUP')
      await new Promise((resolve) => setTimeout(resolve, number * 3))
      process.kill(pid, 'SIGKILL')
      await until(isServed(gateway, version(`v${number}`)))
    }
  })

  it('drain together: nothing is lost that was begun, and the exit code is 0', async (context) => {
    const gateway = await start(context, version('one'), ['--drain-delay', '2'])
    const asked = keepAsking({ url: `${gateway.url}/a`, connections: CONNECTIONS, describe: describeAnswer })
    await until(() => asked.answers() > 500)
    const stopped = gateway.stop('SIGTERM')
    await gateway.logged(({ msg }) => msg === 'draining')
    assert.equal((await fetch(`${gateway.adminUrl}/ready`)).status, 503)
    assert.equal((await fetch(`${gateway.url}/a`)).headers.get('connection'), 'close')
    const { lost, seen } = await asked.stop()
    assert.deepEqual({ lost, seen: [...seen.keys()] }, { lost: 0, seen: ['one'] })
    assert.equal(await stopped, 0)
    assert.equal(gateway.log().at(-1)?.['cut_off'], false)
    assert.equal(await isListening(gateway.url), false)
  })

  it('end with the process that watches over them', async (context) => {
    const gateway = await start(context, version('one'))
    await gateway.stop('SIGKILL')
    await until(async () => !(await isListening(gateway.url)))
  })

  it('share their port with each other and with nobody else', async (context) => {
    const gateway = await start(context, version('one'))
    const address = new URL(gateway.url).host
    const flags = ['--workers', '2', '--listen', address]
    const { code, stderr } = await runToExit(context, { artifact: version('two'), flags })
    assert.equal(code, 7)
    assert.match(stderr, /BCN_LISTEN_IN_USE/)
  })

  it('do not start where one of them cannot, and say why once', async (context) => {
    const secret = { name: 'mock', config: { body: 'env://NOT_THERE' } }
    const artifact = planArtifact({ routes: [route('GET', '/a', { dispatch: secret })] })
    const { code, stderr } = await runToExit(context, { artifact, flags: ['--workers', '2'] })
    assert.equal(code, 2)
    assert.equal(stderr.match(/BCN_SECRET_UNRESOLVED/g)?.length, 1, stderr)
  })

  it('serve for the command line, too', async (context) => {
    const gateway = await spawnGateway(context, {
      artifact: version('one'),
      throughCli: true,
      flags: ['--workers', '2'],
    })
    assert.equal(await (await fetch(`${gateway.url}/a`)).text(), 'one')
    assert.equal((await provenanceOf(gateway)).workers.length, 2)
    assert.equal(await gateway.stop('SIGTERM'), 0)
    // Their lines of the log are whole and in one stream.
    assert.equal(gateway.log().filter(({ msg }) => msg === 'request').length, 1)
  })
})
