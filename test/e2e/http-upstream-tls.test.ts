import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createSecureServer } from 'node:http2'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { after, before, describe, it } from 'node:test'

import { UpstreamPool, Watch, type UpstreamTls } from '../../src/runtime/http/index.ts'
import { SessionPool } from '../../src/runtime/http2/index.ts'
import { outcomeOf } from '../support/upstream-outcome.ts'

/** A key and a certificate that its own authority has signed. */
function certificate(folder: string, name: string): { readonly key: string; readonly cert: string } {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)]
  execFileSync(
    'openssl',
    [
      ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout'.split(' '),
      key,
      '-out',
      cert,
      '-subj',
      `/CN=${name}`,
      '-addext',
      `subjectAltName=DNS:${name}`,
    ],
    { stdio: 'ignore' },
  )
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
}

describe('services behind TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'barbacane-test-'))
  const [service, gateway, stranger] = ['service.test', 'gateway.test', 'stranger.test'].map((name) =>
    certificate(folder, name),
  ) as [ReturnType<typeof certificate>, ReturnType<typeof certificate>, ReturnType<typeof certificate>]
  const server = createServer(
    { ...service, ca: gateway.cert, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      response.end((request.socket as TLSSocket).getPeerCertificate().subject.CN)
    },
  )
  const h2Server = createSecureServer(
    { ...service, ca: gateway.cert, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      response.end(String((request.socket as TLSSocket).getPeerCertificate().subject.CN))
    },
  )
  let origin = ''
  let h2Origin = ''
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `https://localhost:${(server.address() as AddressInfo).port}`
    await new Promise<void>((resolve) => h2Server.listen(0, '127.0.0.1', resolve))
    h2Origin = `https://localhost:${(h2Server.address() as AddressInfo).port}`
  })
  after(() => {
    server.closeAllConnections()
    server.close()
    h2Server.close()
    rmSync(folder, { recursive: true })
  })

  async function outcome(Client: typeof UpstreamPool | typeof SessionPool, to: string, tls: UpstreamTls) {
    const watch = new Watch(() => performance.now(), 100)
    const client = new Client({ origin: to, watch, allowsPrivate: false, tls })
    const found = await outcomeOf(client, '/')
    client.close()
    return found
  }

  /** The same, whichever version of HTTP the service speaks. */
  async function ask(tls: UpstreamTls): Promise<string> {
    const found = await outcome(UpstreamPool, origin, tls)
    assert.equal(await outcome(SessionPool, h2Origin, tls), found)
    return found
  }

  it('are asked by HTTP/2 only where they agree on it', async () => {
    const tls = { ca: service.cert, serverName: 'service.test', cert: gateway.cert, key: gateway.key }
    assert.equal(await outcome(SessionPool, origin, tls), 'unavailable')
    assert.equal(await outcome(UpstreamPool, h2Origin, tls), 'unavailable')
  })

  it('are asked by a gateway that shows who it is', async () => {
    const tls = { ca: service.cert, serverName: 'service.test', cert: gateway.cert, key: gateway.key }
    assert.equal(await ask(tls), '200 gateway.test')
  })

  it('are asked by nobody else', async () => {
    assert.equal(await ask({ ca: service.cert, serverName: 'service.test' }), 'unavailable')
    const tls = { ca: service.cert, serverName: 'service.test', cert: stranger.cert, key: stranger.key }
    assert.equal(await ask(tls), 'unavailable')
  })

  it('are not believed without a certificate that fits', async () => {
    const own = { cert: gateway.cert, key: gateway.key }
    assert.equal(await ask({ ...own, serverName: 'service.test' }), 'unavailable')
    assert.equal(await ask({ ...own, ca: stranger.cert, serverName: 'service.test' }), 'unavailable')
    assert.equal(await ask({ ...own, ca: service.cert, serverName: 'other.test' }), 'unavailable')
    assert.equal(await ask({ ...own, ca: service.cert }), 'unavailable')
  })
})
