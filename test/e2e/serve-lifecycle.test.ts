import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { verify } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { dsseEnvelope, preAuthEncoding } from '../../src/domain/index.ts'
import { nodeKeyPair } from '../support/node-key.ts'
import { planArtifact, route, upstream } from '../support/plan-artifact.ts'
import { runToExit, spawnGateway } from '../support/spawn-gateway.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const artifact = planArtifact({ routes: [route('GET', '/a')] })

describe('a gateway that starts', () => {
  for (const throughCli of [false, true]) {
    const entry = throughCli ? 'barbacane serve' : 'runtime/main.ts'

    it(`serves and stops cleanly, by ${entry}`, async (context) => {
      const gateway = await spawnGateway(context, { artifact, throughCli })
      assert.equal((await fetch(`${gateway.url}/a`)).status, 200)
      assert.equal(await gateway.stop('SIGTERM'), 0)
      assert.deepEqual(
        gateway.log().flatMap(({ msg }) => (msg === 'request' ? [] : [msg])),
        ['listening', 'draining', 'stopped'],
      )
    })

    it(`refuses a tampered artifact with 4, by ${entry}`, async (context) => {
      const tampered = Buffer.from(artifact)
      tampered[700] = (tampered[700] as number) ^ 1
      const { code, stderr } = await runToExit(context, { artifact: tampered, throughCli })
      assert.equal(code, 4)
      assert.match(stderr, /BCN_ARTIFACT_/)
    })

    it(`refuses a port in use with 7, by ${entry}`, async (context) => {
      const other = createTcpServer()
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
      context.after(() => other.close())
      const { port } = other.address() as { port: number }
      const flags = ['--listen', `127.0.0.1:${port}`]
      const { code, stderr } = await runToExit(context, { artifact, flags, throughCli })
      assert.equal(code, 7)
      assert.match(stderr, /BCN_LISTEN_IN_USE/)
    })

    it(`refuses an artifact that is not there with 2, by ${entry}`, async (context) => {
      const { code, stderr } = await runToExit(context, {
        artifact,
        flags: ['--artifact', '/nonexistent.bca'],
        throughCli,
      })
      assert.equal(code, 2)
      assert.match(stderr, /BCN_ARTIFACT_UNREADABLE/)
    })

    it(`proves what it runs with its node key, and keeps the key to itself, by ${entry}`, async (context) => {
      const pair = nodeKeyPair()
      await using folder = await temporaryFolder()
      const keyPath = join(folder.path, 'edge-1.key')
      writeFileSync(keyPath, pair.privatePem, { mode: 0o600 })
      const flags = ['--node-name', 'edge-1', '--node-key', keyPath, '--log-level', 'debug']
      const gateway = await spawnGateway(context, { artifact, throughCli, flags })
      const response = await fetch(`${gateway.adminUrl}/_admin/provenance?nonce=${'n'.repeat(22)}`)
      const { attestation } = (await response.json()) as { attestation: unknown }
      const { payloadType, payload, signatures } = dsseEnvelope(attestation, '')
      const signed = preAuthEncoding(payloadType, Buffer.from(payload, 'base64'))
      const signature = Buffer.from(signatures[0]?.sig ?? '', 'base64')
      assert.ok(verify(null, signed, pair.publicKey, signature))
      await gateway.stop()
      const [, secret = ''] = pair.privatePem.split('\n')
      assert.ok(!JSON.stringify(gateway.log()).includes(secret))
    })

    it(`refuses a node key that others can read with 2, by ${entry}`, async (context) => {
      await using folder = await temporaryFolder()
      const keyPath = join(folder.path, 'edge-1.key')
      writeFileSync(keyPath, nodeKeyPair().privatePem, { mode: 0o644 })
      const flags = ['--node-name', 'edge-1', '--node-key', keyPath]
      const { code, stderr } = await runToExit(context, { artifact, flags, throughCli })
      assert.equal(code, 2)
      assert.match(stderr, /BCN_NODE_KEY_EXPOSED/)
    })
  }

  it('refuses options it does not know', async (context) => {
    const { code, stderr } = await runToExit(context, { artifact, flags: ['--nope'] })
    assert.equal(code, 2)
    assert.match(stderr, /BCN_SERVE_OPTION/)
  })

  it('takes the command line of an image that names the command', async (context) => {
    const { stop } = await spawnGateway(context, { artifact, words: ['serve'] })
    assert.equal(await stop(), 0)
    const { code, stderr } = await runToExit(context, { artifact, words: ['serve', 'serve'] })
    assert.equal(code, 2)
    assert.match(stderr, /BCN_SERVE_OPTION/)
  })

  it('prints its usage', async (context) => {
    const { code, stdout } = await runToExit(context, { artifact, flags: ['--help'] })
    assert.equal(code, 0)
    assert.match(stdout, /--allow-plaintext-upstream/)
  })

  it('has no admin listener where it is off', async (context) => {
    const gateway = await spawnGateway(context, { artifact, flags: ['--admin-bind', 'off'] })
    assert.equal(gateway.log()[0]?.['admin'], null)
    assert.equal(await gateway.stop('SIGINT'), 0)
  })

  it('shows internal details only with --dev', async (context) => {
    const down = planArtifact({
      allowPlaintext: true,
      routes: [route('GET', '/a', { dispatch: upstream('http://127.0.0.1:1') })],
    })
    const flags = ['--allow-plaintext-upstream', '--dev']
    const gateway = await spawnGateway(context, { artifact: down, flags })
    const response = await fetch(`${gateway.url}/a`)
    assert.match(JSON.parse(await response.text()).detail, /ECONNREFUSED/)
  })
})

describe('a gateway that stops', () => {
  it('finishes the request in flight, says that it drains, and accepts nothing new', async (context) => {
    let finish: (() => void) | undefined
    const arrived = Promise.withResolvers<void>()
    const server = createServer((_request, response) => {
      finish = () => response.end('finished')
      arrived.resolve()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    context.after(() => server.close())
    const { port } = server.address() as { port: number }
    const slow = planArtifact({
      allowPlaintext: true,
      routes: [route('GET', '/slow', { dispatch: upstream(`http://127.0.0.1:${port}`) })],
    })
    const gateway = await spawnGateway(context, { artifact: slow, flags: ['--allow-plaintext-upstream'] })
    const inFlight = fetch(`${gateway.url}/slow`)
    await arrived.promise
    const stopped = gateway.stop('SIGTERM')
    await gateway.logged(({ msg }) => msg === 'draining')
    const ready = await fetch(`${gateway.adminUrl}/ready`)
    assert.deepEqual([ready.status, await ready.text()], [503, '{"status":"draining"}'])
    await assert.rejects(fetch(`${gateway.url}/slow`), 'nothing new is accepted')
    finish?.()
    const response = await inFlight
    assert.deepEqual([response.status, await response.text()], [200, 'finished'])
    assert.equal(response.headers.get('connection'), 'close')
    assert.equal(await stopped, 0)
    server.closeAllConnections()
  })

  it('cuts off what does not finish in time', async (context) => {
    const arrived = Promise.withResolvers<void>()
    const server = createServer(() => arrived.resolve())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    context.after(() => {
      server.closeAllConnections()
      server.close()
    })
    const { port } = server.address() as { port: number }
    const stuck = planArtifact({
      allowPlaintext: true,
      routes: [route('GET', '/stuck', { dispatch: upstream(`http://127.0.0.1:${port}`) })],
    })
    const flags = ['--allow-plaintext-upstream', '--shutdown-timeout', '0']
    const gateway = await spawnGateway(context, { artifact: stuck, flags })
    const inFlight = assert.rejects(fetch(`${gateway.url}/stuck`))
    await arrived.promise
    assert.equal(await gateway.stop('SIGTERM'), 0)
    await inFlight
    assert.equal(gateway.log().at(-1)?.['cut_off'], true)
  })
})

describe('a running gateway', () => {
  it('sees that its file was exchanged', async (context) => {
    const gateway = await spawnGateway(context, { artifact })
    const read = async () => JSON.parse(await (await fetch(`${gateway.adminUrl}/provenance`)).text())
    const before = await read()
    assert.equal(before.on_disk_digest, before.artifact_digest)
    writeFileSync(gateway.artifactPath, 'other bytes')
    const exchanged = await read()
    assert.equal(exchanged.artifact_digest, before.artifact_digest)
    assert.notEqual(exchanged.on_disk_digest, before.artifact_digest)
    assert.equal((await fetch(`${gateway.url}/a`)).status, 200)
  })
})
