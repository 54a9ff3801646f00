import assert from 'node:assert/strict'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'

import { probeGateway } from '../../../src/runtime/index.ts'
import { selfSigned } from '../../support/certificates.ts'
import { expectRejection } from '../../support/expect-problem.ts'

/** Listens until the test ends. */
async function portOf(server: Server, context: TestContext): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  context.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

const answering =
  (status: number): RequestListener =>
  ({ url }, answer) =>
    void answer.writeHead(url === '/ready' ? status : 404).end()

describe('the probe', () => {
  it('asks the near end of a listener that is open to all whether it is ready', async (context) => {
    const port = await portOf(createServer(answering(200)), context)
    for (const host of ['127.0.0.1', '0.0.0.0', 'localhost'])
      await probeGateway({ adminBind: `${host}:${port}`, speaksTls: false })
  })

  it('asks by TLS, whatever the certificate', async (context) => {
    const port = await portOf(createTlsServer(await selfSigned('gateway.example'), answering(200)), context)
    await probeGateway({ adminBind: `127.0.0.1:${port}`, speaksTls: true })
    const plain = { adminBind: `127.0.0.1:${port}`, speaksTls: false }
    await expectRejection('BCN_SERVE_NOT_READY', () => probeGateway(plain))
  })

  it('says what it has heard instead', async (context) => {
    const port = await portOf(createServer(answering(503)), context)
    const silent = await portOf(
      createServer(() => undefined),
      context,
    )
    const gone = createServer()
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve))
    const { port: free } = gone.address() as AddressInfo
    await new Promise((resolve) => gone.close(resolve))
    for (const [asked, timeoutMs, reason] of [
      [port, 60_000, /: it answered 503\.$/],
      [silent, 50, /: no answer within 50 ms\.$/],
      [free, 60_000, /ECONNREFUSED/],
    ] as const) {
      const settings = { adminBind: `127.0.0.1:${asked}`, speaksTls: false, timeoutMs }
      const { exit, message } = await expectRejection('BCN_SERVE_NOT_READY', () => probeGateway(settings))
      assert.equal(exit, 6)
      assert.match(message, reason)
    }
    const off = { adminBind: 'off', speaksTls: false }
    await expectRejection('BCN_SERVE_OPTION', () => probeGateway(off))
  })
})
