import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect as connectPlain } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'

import { createLogger, startGateway, type Gateway, type GatewayOptions } from '../../src/runtime/index.ts'
import { certificateFiles, writeCertificate, type CertificateFilePair } from '../support/certificate-files.ts'
import { selfSigned } from '../support/certificates.ts'
import { fakeRuntimeHost } from '../support/fake-runtime-host.ts'
import { gatewayOptions } from '../support/gateway-options.ts'
import { planArtifact, route } from '../support/plan-artifact.ts'
import { spawnGateway } from '../support/spawn-gateway.ts'

const folder = mkdtempSync(join(tmpdir(), 'barbacane-test-'))
after(() => rmSync(folder, { recursive: true }))

const plan = { routes: [route('GET', '/a')] }
const REQUEST = 'GET /a HTTP/1.1\r\nHost: shop.test\r\n\r\n'

let log = ''
async function serve(tls: NonNullable<GatewayOptions['tls']>): Promise<Gateway> {
  const host = { ...fakeRuntimeHost({}, (text) => (log += text)), nowMs: Date.now }
  const logger = createLogger({ level: 'info', format: 'json', nowMs: Date.now, write: host.writeLog })
  return startGateway(gatewayOptions(plan, { tls, host, log: logger }))
}

async function open(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options })
  await once(socket, 'secureConnect')
  return socket
}

const nameOf = (socket: TLSSocket) => socket.getPeerX509Certificate()?.subject

/** The name in the certificate that is shown to who asks for this one. */
async function shownFor(port: number, options: ConnectionOptions = {}): Promise<string | undefined> {
  const socket = await open(port, options)
  const name = nameOf(socket)
  socket.destroy()
  return name
}

async function ask(socket: TLSSocket): Promise<string> {
  socket.write(REQUEST)
  let answer = ''
  while (!answer.includes('\r\n\r\n{"ok":true}')) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    answer += chunk.toString('latin1')
  }
  return answer.slice(0, 15)
}

describe('the public listener with TLS', () => {
  let gateway: Gateway
  let [shop, wildcard]: (CertificateFilePair | undefined)[] = []
  let port = 0
  before(async () => {
    shop = await certificateFiles(folder, 'shop.test')
    wildcard = writeCertificate(folder, 'wildcard', await selfSigned('*.example.test'))
    gateway = await serve({ certificates: [shop, wildcard], minVersion: '1.2' })
    port = gateway.publicAddress.port
  })
  after(() => gateway.close(0))

  it('answers by TLS 1.2 and 1.3, and by nothing older', async () => {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const socket = await open(port, { minVersion: version, maxVersion: version })
      assert.equal(socket.getProtocol(), version)
      assert.equal(await ask(socket), 'HTTP/1.1 200 OK')
      socket.destroy()
    }
    const old = { minVersion: 'TLSv1' as const, maxVersion: 'TLSv1.1' as const, ciphers: 'ALL:@SECLEVEL=0' }
    await assert.rejects(open(port, old))
  })

  it('agrees on no cipher without forward secrecy and authentication of what is sent', async () => {
    for (const ciphers of ['AES128-SHA', 'ECDHE-ECDSA-AES128-SHA', 'AES128-GCM-SHA256']) {
      await assert.rejects(open(port, { maxVersion: 'TLSv1.2', ciphers }), ciphers)
    }
  })

  it('shows the certificate of the name that is asked for, and the first where none has it', async () => {
    assert.equal(await shownFor(port, { servername: 'shop.test' }), 'CN=shop.test')
    assert.equal(await shownFor(port, { servername: 'api.example.test' }), 'CN=*.example.test')
    assert.equal(await shownFor(port, { servername: 'other.test' }), 'CN=shop.test')
    assert.equal(await shownFor(port), 'CN=shop.test')
  })

  it('lets a client agree on HTTP/1.1 by ALPN, and on nothing that is not spoken', async () => {
    const socket = await open(port, { ALPNProtocols: ['http/1.1'] })
    assert.equal(socket.alpnProtocol, 'http/1.1')
    socket.destroy()
    await assert.rejects(open(port, { ALPNProtocols: ['smtp'] }))
  })

  it('closes connections that speak something else, and serves on', async () => {
    const socket = connectPlain(port, '127.0.0.1')
    socket.write(REQUEST)
    socket.resume()
    socket.on('error', () => socket.destroy())
    await once(socket, 'close')
    assert.equal(await ask(await open(port)), 'HTTP/1.1 200 OK')
  })

  it('uses new certificates from the next handshake on, and keeps the connections there are', async () => {
    const before = await open(port)
    const next = await selfSigned('shop.test')
    const serialOf = async () => {
      const socket = await open(port, { servername: 'shop.test' })
      const fingerprint = socket.getPeerX509Certificate()?.fingerprint256
      socket.destroy()
      return fingerprint
    }
    const first = await serialOf()
    writeCertificate(folder, 'shop.test', next)
    await gateway.reloadCertificates()
    const second = await serialOf()
    assert.notEqual(second, first)
    assert.equal(await ask(before), 'HTTP/1.1 200 OK')
    before.destroy()
  })

  it('keeps the certificates it has where the new ones cannot be used, and says why', async () => {
    const other = await selfSigned('shop.test')
    const good = shop as CertificateFilePair
    writeCertificate(folder, 'shop.test', { cert: other.cert, key: good.key })
    log = ''
    await gateway.reloadCertificates()
    assert.equal(await shownFor(port, { servername: 'shop.test' }), 'CN=shop.test')
    await new Promise((resolve) => setImmediate(resolve))
    assert.match(log, /"level":"error","msg":"certificates not reloaded.*BCN_TLS_MISMATCH/)
    writeCertificate(folder, 'shop.test', other)
    await gateway.reloadCertificates()
  })

  it('says which certificates have expired', async () => {
    const expired = writeCertificate(folder, 'old', await selfSigned('old.test', { isExpired: true }))
    log = ''
    const own = await serve({ certificates: [expired], minVersion: '1.3' })
    await new Promise((resolve) => setImmediate(resolve))
    assert.match(log, /"msg":"a certificate has expired","names":"DNS:old.test"/)
    await own.close(0)
  })

  it('is not kept from its end by whoever does not finish a handshake', async () => {
    const own = await serve({ certificates: [shop as CertificateFilePair], minVersion: '1.2' })
    const socket = connectPlain(own.publicAddress.port, '127.0.0.1')
    await once(socket, 'connect')
    socket.on('error', () => socket.destroy())
    const closed = once(socket, 'close')
    assert.equal(await own.close(20), false)
    await closed
  })
})

describe('a gateway process with TLS', () => {
  it('says so, and follows its files', async (context) => {
    const files = await certificateFiles(folder, 'process.test')
    const gateway = await spawnGateway(context, {
      artifact: planArtifact(plan),
      flags: ['--tls-cert', files.certPath, '--tls-key', files.keyPath],
      throughCli: true,
    })
    const [line] = gateway.log()
    assert.equal(line?.['scheme'], 'https')
    const port = Number(new URL(gateway.url).port)
    assert.equal(await shownFor(port), 'CN=process.test')
    writeCertificate(folder, 'process.test', await selfSigned('renewed.test'))
    await gateway.logged(({ msg }) => msg === 'certificates reloaded')
    assert.equal(await shownFor(port), 'CN=renewed.test')
    assert.equal(await gateway.stop(), 0)
  })

  for (const workers of [1, 2]) {
    it(`shows renewed certificates on both listeners after SIGHUP, with ${workers} worker(s)`, async (context) => {
      const name = (listener: string, state: string) => `${listener}-${workers}.${state}.test`
      const files = await certificateFiles(folder, name('public', 'first'))
      const adminFiles = await certificateFiles(folder, name('admin', 'first'))
      const gateway = await spawnGateway(context, {
        artifact: planArtifact(plan),
        flags: [
          '--tls-cert',
          files.certPath,
          '--tls-key',
          files.keyPath,
          '--workers',
          String(workers),
          '--admin-tls-cert',
          adminFiles.certPath,
          '--admin-tls-key',
          adminFiles.keyPath,
        ],
      })
      const ports = [gateway.url, gateway.adminUrl].map((url) => Number(new URL(url).port))
      const shown = () => Promise.all(ports.map((port) => shownFor(port)))
      const before = [name('public', 'first'), name('admin', 'first')]
      assert.deepEqual(
        await shown(),
        before.map((one) => `CN=${one}`),
      )
      const renewed = [name('public', 'renewed'), name('admin', 'renewed')]
      for (const [index, one] of renewed.entries())
        writeCertificate(folder, before[index] as string, await selfSigned(one))
      gateway.process.kill('SIGHUP')
      // Each of the workers has to show it, whichever takes the connection.
      for (let inARow = 0; inARow < 20;) {
        const isRenewed = (await shown()).every((one, index) => one === `CN=${renewed[index]}`)
        inARow = isRenewed ? inARow + 1 : 0
      }
      assert.equal(await gateway.stop(), 0)
      // Nothing is left of the clients that went away.
      assert.equal(gateway.log().at(-1)?.['cut_off'], false)
    })
  }
})
