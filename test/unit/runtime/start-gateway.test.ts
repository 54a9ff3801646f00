import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'

import { decodeArtifact } from '../../../src/artifact/index.ts'
import type { Route } from '../../../src/domain/index.ts'
import { startGateway } from '../../../src/runtime/index.ts'
import { collectGarbage } from '../../support/collect-garbage.ts'
import { expectProblem, expectRejection } from '../../support/expect-problem.ts'
import { gatewayOptions } from '../../support/gateway-options.ts'
import { fakeRuntimeHost } from '../../support/fake-runtime-host.ts'
import { planArtifact, route, upstream, type PlanArtifact } from '../../support/plan-artifact.ts'

const dispatching = (dispatch: Route['dispatch'], members: Partial<Route> = {}) => ({
  routes: [route('GET', '/a/{id}', { dispatch, ...members })],
})

describe('startGateway refuses', () => {
  it('plugins that it does not run, naming the routes', async () => {
    const plan = {
      routes: [
        route('GET', '/a', { dispatch: { name: 'my-wasm', config: {} } }),
        route('PUT', '/b', { middlewares: [{ name: 'my-filter', config: {} }] }),
      ],
    }
    const problem = await expectRejection('BCN_PLUGIN_UNSUPPORTED', () => startGateway(gatewayOptions(plan)))
    assert.match(
      problem.message,
      /GET \/a uses the dispatcher my-wasm; PUT \/b uses the middleware my-filter/,
    )
    assert.equal(problem.exit, 2)
  })

  it('upstreams at addresses of metadata services and links', async () => {
    for (const origin of [
      'http://169.254.169.254',
      'https://[fe80::1]',
      'http://0.0.0.0:80',
      'https://[fd00:ec2::254]',
    ]) {
      const plan = { ...dispatching(upstream(origin)), allowPlaintext: true }
      const problem = await expectRejection('BCN_UPSTREAM_ADDRESS', () =>
        startGateway(gatewayOptions(plan, { allowPlaintextUpstream: true })),
      )
      assert.match(problem.message, /link-local, reserved or metadata/)
    }
  })

  it('every target that is at such an address, and every one without TLS', async () => {
    const to = (...urls: readonly string[]) =>
      dispatching({ name: 'http-upstream', config: { targets: urls.map((url) => ({ url })) } })
    const metadata = await expectRejection('BCN_UPSTREAM_ADDRESS', () =>
      startGateway(gatewayOptions(to('https://a.test', 'https://169.254.169.254'))),
    )
    assert.match(metadata.message, /169\.254\.169\.254 is a link-local/)
    const plaintext = await expectRejection('BCN_UPSTREAM_PLAINTEXT', () =>
      startGateway(gatewayOptions(to('https://a.test', 'http://b.test'))),
    )
    assert.match(plaintext.message, /: http:\/\/b\.test\.$/)
    const background = { name: 'fire-and-forget', config: { url: 'http://c.test' } }
    const queue = await expectRejection('BCN_UPSTREAM_PLAINTEXT', () =>
      startGateway(gatewayOptions(dispatching(background))),
    )
    assert.match(queue.message, /: http:\/\/c\.test\.$/)
  })

  it('upstreams without TLS, unless compiled and started for them', async () => {
    const plan = dispatching(upstream('http://127.0.0.1:9'))
    const notCompiled = await expectRejection('BCN_UPSTREAM_PLAINTEXT', () =>
      startGateway(gatewayOptions(plan, { allowPlaintextUpstream: true })),
    )
    assert.match(notCompiled.hint, /compile with --allow-plaintext/)
    const compiled = { ...plan, allowPlaintext: true }
    const notAllowed = await expectRejection('BCN_UPSTREAM_PLAINTEXT', () =>
      startGateway(gatewayOptions(compiled)),
    )
    assert.match(notAllowed.hint, /start with --allow-plaintext-upstream/)
    const gateway = await startGateway(gatewayOptions(compiled, { allowPlaintextUpstream: true }))
    assert.equal(await gateway.close(0), true)
  })

  it('secrets that are missing, all at once and without values', async () => {
    const plan = {
      routes: [
        route('GET', '/a', { dispatch: upstream('env://UPSTREAM_URL') }),
        route('GET', '/b', { dispatch: upstream('file:///nonexistent/secret') }),
      ],
    }
    const problem = await expectRejection('BCN_SECRET_UNRESOLVED', () => startGateway(gatewayOptions(plan)))
    assert.match(problem.message, /env:\/\/UPSTREAM_URL \(not set; used by GET \/a\)/)
    assert.match(problem.message, /file:\/\/\/nonexistent\/secret \(ENOENT; used by GET \/b\)/)
    assert.equal(problem.exit, 2)
  })

  it('a configuration that does not fit its dispatcher', async () => {
    const faults: readonly [Route['dispatch'], RegExp][] = [
      [{ name: 'http-upstream', config: {} }, /must have required property 'url'/],
      [upstream('ftp://a'), /\/url must match pattern/],
      [upstream('https://u:p@a'), /must not hold credentials/],
      [upstream('https://a?b'), /must have no query/],
      [upstream('https://a', { path: '/x/{nope}' }), /\{nope\} is no parameter of the path/],
      [upstream('https://a', { retires: 1 }), /\/retires is not a declared member/],
      [{ name: 'fire-and-forget', config: { url: 'https://u:p@a' } }, /must not hold credentials/],
      [{ name: 'mock', config: { headers: { 'x y': '1' } } }, /\/headers: /],
      [{ name: 'mock', config: { status: 99 } }, /\/status must be >= 200/],
      [upstream('http://a.test', { tls: {} }), /\/tls: the url is not https/],
      [
        upstream('https://a.test', { tls: { client_cert: 'u:p', client_key: 'u:p' } }),
        /\/tls: a certificate or the key is no PEM/,
      ],
    ]
    for (const [dispatch, message] of faults) {
      const problem = await expectRejection('BCN_DISPATCH_CONFIG', () =>
        startGateway(gatewayOptions(dispatching(dispatch))),
      )
      assert.match(problem.message, message)
      assert.doesNotMatch(problem.message, /u:p/)
    }
  })

  it('a port in use', async (context) => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    context.after(() => other.close())
    const { port } = other.address() as { port: number }
    const listen = { host: '127.0.0.1', port }
    const plan = { routes: [] }
    const problem = await expectRejection('BCN_LISTEN_IN_USE', () =>
      startGateway(gatewayOptions(plan, { listen })),
    )
    assert.equal(problem.exit, 7)
    await expectRejection('BCN_LISTEN_IN_USE', () =>
      startGateway(gatewayOptions(plan, { adminBind: listen })),
    )
  })

  it('an address of another machine', async () => {
    const listen = { host: '192.0.2.1', port: 0 }
    await expectRejection('BCN_LISTEN_FAILED', () => startGateway(gatewayOptions({ routes: [] }, { listen })))
  })
})

describe('secrets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'))
  after(() => rmSync(folder, { recursive: true }))

  it('are taken from the environment and from files, at any depth', async (context) => {
    const file = join(folder, 'token')
    writeFileSync(file, 'from a file\n')
    const config = { headers: { 'x-env': 'env://TOKEN', 'x-file': pathToFileURL(file).href } }
    const host = fakeRuntimeHost({ TOKEN: 'from the environment' })
    const gateway = await startGateway(gatewayOptions(dispatching({ name: 'mock', config }), { host }))
    context.after(() => gateway.close(0))
    const { host: address, port } = gateway.publicAddress
    const response = await fetch(`http://${address}:${port}/a/1`)
    assert.equal(response.headers.get('x-env'), 'from the environment')
    assert.equal(response.headers.get('x-file'), 'from a file')
    await response.arrayBuffer()
  })
})

describe('reload', () => {
  const answering = (text: string) => dispatching({ name: 'mock', config: { body: text } })
  const artifactOf = (plan: PlanArtifact) => decodeArtifact(planArtifact(plan))

  it('replaces the configuration for open connections too, and keeps it when the new one is refused', async (context) => {
    const gateway = await startGateway(gatewayOptions(answering('one')))
    context.after(() => gateway.close(0))
    const { host, port } = gateway.publicAddress
    const ask = async () => (await fetch(`http://${host}:${port}/a/1`)).text()
    assert.equal(await ask(), 'one')
    gateway.reload(artifactOf(answering('two')))
    assert.equal(await ask(), 'two')
    const bad = artifactOf(dispatching({ name: 'unknown', config: {} }))
    expectProblem('BCN_PLUGIN_UNSUPPORTED', () => gateway.reload(bad))
    await expectRejection('BCN_PLUGIN_UNSUPPORTED', () => gateway.prepare({ artifact: bad, path: null }))
    assert.equal(await ask(), 'two')
  })
})

describe('a gateway that has loaded another configuration', () => {
  it('keeps nothing of those before', async (context) => {
    const gateway = await startGateway(gatewayOptions(dispatching({ name: 'mock', config: {} })))
    context.after(() => gateway.close(0))
    const kept: WeakRef<object>[] = []
    for (let number = 1; number <= 5; number += 1) {
      kept.push(new WeakRef(gateway.running()))
      const specs = { 'specs/api.yaml': `# ${number}\n` }
      const artifact = decodeArtifact(planArtifact({ routes: [route('GET', '/a')], specs }))
      const prepared = await gateway.prepare({ artifact, path: null })
      prepared.activate()
    }
    await collectGarbage()
    // The first is in the options that the gateway was started with.
    assert.deepEqual(
      kept.slice(1).filter((one) => one.deref() !== undefined),
      [],
    )
  })
})
