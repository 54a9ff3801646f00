import assert from 'node:assert/strict'
import { createServer, type ServerResponse } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'

import { decodeArtifact } from '../../src/artifact/index.ts'
import { keepAsking } from '../support/keep-asking.ts'
import { describeAnswer, describeServed, replaceFile, version } from '../support/versioned-api.ts'
import { planArtifact, route, upstream } from '../support/plan-artifact.ts'
import { runToExit, spawnGateway, type SpawnedGateway } from '../support/spawn-gateway.ts'

const TOKEN = 'a token that nobody guesses'
const withToken = { flags: ['--reload-token', 'env://TOKEN'], env: { TOKEN } }

const hashOf = (artifact: Buffer) => decodeArtifact(artifact).manifest.artifact_hash

const linesOf = (gateway: SpawnedGateway, message: string) =>
  gateway.log().filter(({ msg }) => msg === message)

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; !(await isSo()); waitedMs += 20) {
    assert.ok(waitedMs < 60_000, `never so: ${String(isSo)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

interface Provenance {
  readonly artifact_hash: string
  readonly workers: readonly {
    readonly configurations: readonly { readonly state: string; readonly requests_in_flight: number }[]
  }[]
}

const provenanceOf = async (gateway: SpawnedGateway) =>
  (await (await fetch(`${gateway.adminUrl}/_admin/provenance`)).json()) as Provenance

const statesOf = async (gateway: SpawnedGateway) =>
  (await provenanceOf(gateway)).workers[0]?.configurations.map(
    ({ state, requests_in_flight: count }) => `${state} ${count}`,
  )

const reloadCall = (gateway: SpawnedGateway, authorization = `Bearer ${TOKEN}`, method = 'POST') =>
  fetch(`${gateway.adminUrl}/_admin/reload`, { method, headers: { authorization } })

async function metric(gateway: SpawnedGateway, line: string): Promise<number> {
  const text = await (await fetch(`${gateway.adminUrl}/metrics`)).text()
  const found = text.split('\n').find((one) => one.startsWith(`${line} `))
  return Number(found?.slice(line.length + 1))
}

describe('a reload', () => {
  it('under load loses no request and mixes no two versions: 20 of them, by SIGHUP', async (context) => {
    const gateway = await spawnGateway(context, { artifact: version('v0'), flags: ['--log-level', 'warn'] })
    const asked = keepAsking({ url: `${gateway.url}/a`, connections: 16, describe: describeServed })
    await until(() => asked.answers() > 100)
    for (let number = 1; number <= 20; number += 1) {
      const next = version(`v${number}`)
      const before = asked.answers()
      replaceFile(gateway.artifactPath, next)
      gateway.process.kill('SIGHUP')
      await gateway.logged((line) => line['msg'] === 'reloaded' && line['artifact_hash'] === hashOf(next))
      await until(() => asked.answers() > before + 100)
    }
    const { answers, lost, dropped, seen } = await asked.stop()
    const names = Array.from({ length: 21 }, (_, number) => `v${number}`)
    const served = names.map((name) => `${name} ${hashOf(version(name))}`)
    assert.deepEqual([...seen.keys()].toSorted(), served.toSorted())
    assert.deepEqual({ lost, dropped }, { lost: 0, dropped: 0 })
    assert.ok(answers > 2000, `${answers} answers`)
    // What was replaced is gone.
    assert.deepEqual(await statesOf(gateway), ['active 0'])
    assert.equal(await metric(gateway, 'barbacane_reloads_total{result="loaded"}'), 20)
    assert.equal(await metric(gateway, 'barbacane_retired_configurations'), 0)
  })

  it('lets requests in flight finish on what they began with, and says so meanwhile', async (context) => {
    const waiting: ServerResponse[] = []
    const service = createServer((_request, response) => void waiting.push(response))
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
    context.after(() => {
      service.closeAllConnections()
      service.close()
    })
    const dispatch = upstream(`http://127.0.0.1:${(service.address() as AddressInfo).port}`)
    const slow = planArtifact({ allowPlaintext: true, routes: [route('GET', '/slow', { dispatch })] })
    const flags = ['--allow-plaintext-upstream', ...withToken.flags]
    const gateway = await spawnGateway(context, { artifact: slow, flags, env: withToken.env })
    const inFlight = Array.from({ length: 5 }, () => fetch(`${gateway.url}/slow`))
    await until(() => waiting.length === 5)
    replaceFile(gateway.artifactPath, version('new'))
    const answer = await reloadCall(gateway)
    assert.equal(answer.status, 200)
    assert.equal(((await answer.json()) as Provenance).artifact_hash, hashOf(version('new')))
    assert.equal((await provenanceOf(gateway)).artifact_hash, hashOf(version('new')))
    assert.equal(await (await fetch(`${gateway.url}/a`)).text(), 'new')
    assert.equal((await fetch(`${gateway.url}/slow`)).status, 404)
    await until(async () => (await statesOf(gateway))?.join() === 'active 0,retired 5')
    for (const response of waiting) response.end('old')
    const answers = await Promise.all(inFlight.map(async (one) => (await one).text()))
    assert.deepEqual(answers, ['old', 'old', 'old', 'old', 'old'])
    await until(async () => (await statesOf(gateway))?.join() === 'active 0')
  })

  it('leaves requests in flight the times of what they began with, and nothing of it is left then', async (context) => {
    const calls: Socket[] = []
    const service = createTcpServer((socket) => {
      calls.push(socket)
      socket.on('error', () => socket.destroy())
      socket.on('data', (request) => {
        if (request.includes('GET /silent')) return
        socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nhalf')
      })
    })
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
    context.after(() => {
      for (const socket of calls) socket.destroy()
      service.close()
    })
    const origin = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
    const inTime = upstream(origin, { timeout: 2 })
    const described = { mode: 'enforce', sample: 1, responses: [] } as const
    const old = planArtifact({
      allowPlaintext: true,
      routes: [
        route('GET', '/silent', { dispatch: inTime }),
        route('GET', '/half', { dispatch: inTime }),
        // Its client has an answer at once, for which the service's is of no use.
        route('GET', '/refused', {
          dispatch: upstream(origin, { timeout: 3600 }),
          response_validation: described,
        }),
      ],
    })
    const flags = ['--allow-plaintext-upstream']
    const gateway = await spawnGateway(context, { artifact: old, flags })
    const silent = fetch(`${gateway.url}/silent`)
    const half = fetch(`${gateway.url}/half`).then((answer) => answer.text())
    const isCut = assert.rejects(half)
    assert.equal((await fetch(`${gateway.url}/refused`)).status, 502)
    await until(() => calls.length === 3)
    replaceFile(gateway.artifactPath, version('new'))
    gateway.process.kill('SIGHUP')
    await gateway.logged(({ msg }) => msg === 'reloaded')
    assert.equal((await silent).status, 504)
    await isCut
    await until(() => calls.every(({ destroyed }) => destroyed))
    await until(async () => (await metric(gateway, 'barbacane_retired_configurations')) === 0)
  })

  it('to what is not intact, is refused or needs a secret that is missing leaves everything as it was', async (context) => {
    const gateway = await spawnGateway(context, { artifact: version('good'), ...withToken })
    const broken = Buffer.from(version('broken'))
    broken[700] = (broken[700] as number) ^ 1
    const secret = { name: 'mock', config: { body: 'env://NOT_THERE' } }
    const schema = { type: 'object', properties: { a: { type: 'nonsense' } } }
    const bad: readonly [Uint8Array, RegExp][] = [
      [Buffer.from('no artifact'), /^BCN_ARTIFACT_/],
      [broken, /^BCN_ARTIFACT_/],
      [planArtifact({ routes: [route('GET', '/a', { dispatch: secret })] }), /^BCN_SECRET_UNRESOLVED$/],
      [planArtifact({ routes: [route('GET', '/a'), route('GET', '/a')] }), /^BCN_ROUTE_CONFLICT$/],
      [planArtifact({ schemas: [schema], routes: [route('GET', '/a')] }), /^BCN_SCHEMA_UNCOMPILABLE$/],
    ]
    for (const [bytes, code] of bad) {
      replaceFile(gateway.artifactPath, bytes)
      const answer = await reloadCall(gateway)
      const { code: found } = (await answer.json()) as { code: string }
      assert.equal(answer.status, 422)
      assert.match(found, code)
      assert.equal(await (await fetch(`${gateway.url}/a`)).text(), 'good')
      assert.equal((await provenanceOf(gateway)).artifact_hash, hashOf(version('good')))
      assert.equal((await fetch(`${gateway.adminUrl}/ready`)).status, 200)
      // A call a fifth of a second.
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
    const refused = linesOf(gateway, 'reload refused, what ran before goes on')
    assert.equal(refused.length, bad.length)
    for (const [index, [, code]] of bad.entries()) assert.match(String(refused[index]?.['code']), code)
    assert.equal(await metric(gateway, 'barbacane_reloads_total{result="refused"}'), bad.length)
    assert.equal(await metric(gateway, 'barbacane_reloads_total{result="loaded"}'), 0)
    assert.deepEqual(await statesOf(gateway), ['active 0'])
  })

  it('by a call takes the token, and there is no such call without one', async (context) => {
    const gateway = await spawnGateway(context, { artifact: version('one'), ...withToken })
    assert.equal((await reloadCall(gateway, 'Bearer wrong')).status, 401)
    assert.equal((await reloadCall(gateway, '')).status, 401)
    assert.equal((await reloadCall(gateway, `Bearer ${TOKEN}`, 'GET')).status, 405)
    assert.equal((await fetch(`${gateway.url}/_admin/reload`, { method: 'POST' })).status, 404)
    assert.ok(!JSON.stringify(gateway.log()).includes(TOKEN))
    const without = await spawnGateway(context, { artifact: version('one') })
    assert.equal((await reloadCall(without)).status, 404)
  })

  it('takes a token only by reference, and none that can be guessed', async (context) => {
    const tries: readonly [string, RegExp][] = [
      [TOKEN, /it is no reference/],
      ['env://SHORT', /less than 16 characters/],
      ['env://NONE', /BCN_SECRET_UNRESOLVED/],
    ]
    for (const [reference, message] of tries) {
      const { code, stderr } = await runToExit(context, {
        artifact: version('one'),
        flags: ['--reload-token', reference],
        env: { SHORT: 'short' },
      })
      assert.equal(code, 2)
      assert.match(stderr, message)
    }
  })

  it('storms cost a few loads, and the last file wins', async (context) => {
    const gateway = await spawnGateway(context, { artifact: version('v0'), flags: ['--log-level', 'warn'] })
    const asked = keepAsking({ url: `${gateway.url}/a`, connections: 4, describe: describeAnswer })
    for (let number = 1; number <= 200; number += 1) {
      if (number % 20 === 0) replaceFile(gateway.artifactPath, version(`v${number}`))
      gateway.process.kill('SIGHUP')
    }
    await until(async () => (await (await fetch(`${gateway.url}/a`)).text()) === 'v200')
    const { lost, seen } = await asked.stop()
    assert.equal(lost, 0)
    assert.deepEqual(
      [...seen.keys()].filter((name) => name.startsWith('mixed')),
      [],
    )
    await until(async () => (await statesOf(gateway))?.join() === 'active 0')
    const loads = await metric(gateway, 'barbacane_reloads_total{result="loaded"}')
    assert.ok(loads >= 1 && loads <= 200, `${loads} loads`)
    assert.equal(await metric(gateway, 'barbacane_reloads_total{result="refused"}'), 0)
  })
})

describe('a watched file', () => {
  it('is loaded when it was replaced, refused once when it is bad, and left alone when it is the same', async (context) => {
    const gateway = await spawnGateway(context, { artifact: version('one'), flags: ['--watch'] })
    replaceFile(gateway.artifactPath, Buffer.from('half an artif'))
    await gateway.logged(({ msg }) => msg === 'reload refused, what ran before goes on')
    assert.equal(await (await fetch(`${gateway.url}/a`)).text(), 'one')
    // Several looks later it was not tried again.
    await new Promise((resolve) => setTimeout(resolve, 3500))
    assert.equal(linesOf(gateway, 'reload refused, what ran before goes on').length, 1)
    replaceFile(gateway.artifactPath, version('two'))
    await gateway.logged(({ msg, trigger }) => msg === 'reloaded' && trigger === 'watch')
    assert.equal(await (await fetch(`${gateway.url}/a`)).text(), 'two')
    replaceFile(gateway.artifactPath, version('two'))
    await new Promise((resolve) => setTimeout(resolve, 3500))
    assert.equal(linesOf(gateway, 'reloaded').length, 1)
  })
})

describe('a gateway that drains', () => {
  async function drained(context: TestContext, flags: readonly string[]) {
    const gateway = await spawnGateway(context, { artifact: version('one'), flags })
    const asked = keepAsking({ url: `${gateway.url}/a`, connections: 16, describe: describeAnswer })
    await until(() => asked.answers() > 500)
    return { gateway, asked }
  }

  it('is not ready at once, goes on answering for a while, and tells connections to end', async (context) => {
    const { gateway, asked } = await drained(context, ['--drain-delay', '2', '--log-level', 'warn'])
    const stopped = gateway.stop('SIGTERM')
    await gateway.logged(({ msg }) => msg === 'draining')
    const ready = await fetch(`${gateway.adminUrl}/ready`)
    assert.deepEqual([ready.status, await ready.text()], [503, '{"status":"draining"}'])
    const answer = await fetch(`${gateway.url}/a`)
    assert.deepEqual([answer.headers.get('connection'), await answer.text()], ['close', 'one'])
    // What would balance requests looks elsewhere by now.
    const { lost, answers, seen } = await asked.stop()
    assert.deepEqual({ lost, seen: [...seen.keys()] }, { lost: 0, seen: ['one'] })
    assert.ok(answers > 500)
    assert.equal(await stopped, 0)
    assert.equal(gateway.log().at(-1)?.['cut_off'], false)
  })

  it('under load loses nothing that it has begun to answer', async (context) => {
    const { gateway, asked } = await drained(context, ['--log-level', 'warn'])
    const code = await gateway.stop('SIGTERM')
    const { seen } = await asked.stop()
    assert.deepEqual([code, [...seen.keys()]], [0, ['one']])
    assert.equal(gateway.log().at(-1)?.['cut_off'], false)
  })

  it('ends at once at the second signal', async (context) => {
    const { gateway, asked } = await drained(context, ['--drain-delay', '600', '--log-level', 'warn'])
    gateway.process.kill('SIGTERM')
    await gateway.logged(({ msg }) => msg === 'draining')
    await gateway.stop('SIGTERM')
    assert.equal(linesOf(gateway, 'stopped').length, 0)
    await asked.stop()
  })
})
