import assert from 'node:assert/strict'
import { Server } from 'node:net'
import { describe, it } from 'node:test'

import { bind } from '../../../../src/runtime/http/listen.ts'
import { expectRejection } from '../../../support/expect-problem.ts'

/** A server whose address the operating system refuses for this reason. */
class RefusedServer extends Server {
  readonly #code: string

  constructor(code: string) {
    super()
    this.#code = code
  }

  override listen(): this {
    setImmediate(() =>
      this.emit('error', Object.assign(new Error(`listen ${this.#code}`), { code: this.#code })),
    )
    return this
  }
}

describe('bind', () => {
  const address = { host: '127.0.0.1', port: 80 }

  it('tells a privilege that is missing from an address that is taken or not there', async () => {
    const denied = await expectRejection('BCN_LISTEN_DENIED', () =>
      bind(new RefusedServer('EACCES'), address),
    )
    assert.equal(denied.exit, 7)
    await expectRejection('BCN_LISTEN_IN_USE', () => bind(new RefusedServer('EADDRINUSE'), address))
    await expectRejection('BCN_LISTEN_FAILED', () => bind(new RefusedServer('EADDRNOTAVAIL'), address))
  })
})
