import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'

import fc from 'fast-check'

import type { PluginHttpRequest } from '../../src/runtime/wasm/plugin-services.ts'
import { compileExample } from '../support/assemblyscript.ts'
import { rigFor } from '../support/plugin-host.ts'

const request = (path: string) =>
  JSON.stringify({
    method: 'GET',
    path,
    query: null,
    headers: { accept: '*/*' },
    client_ip: '192.0.2.1',
    path_params: { id: 'ä"7' },
  })

describe('a plugin in AssemblyScript', () => {
  it('is a middleware that changes requests and responses, or answers by itself', async () => {
    const plugin = await compileExample('greeter')
    const { call } = rigFor(plugin, { configJson: '{"name":"Zoë"}' })
    const { code, output = '' } = call('on_request', request('/open'))
    assert.equal(code, 0)
    const { action, data } = JSON.parse(output) as { action: number; data: Record<string, unknown> }
    assert.equal(action, 0)
    assert.deepEqual(data, {
      ...(JSON.parse(request('/open')) as object),
      headers: { accept: '*/*', 'x-greeting': 'Hello from Zoë' },
    })
    const closed = call('on_request', request('/closed'))
    assert.equal(closed.code, 1)
    assert.deepEqual(JSON.parse(closed.output ?? ''), {
      action: 1,
      data: { status: 503, headers: { 'content-type': 'text/plain' } },
    })
    assert.equal(closed.state.outputBody?.toString(), 'Closed. Yours, Zoë')
    const response = call('on_response', '{"status":200,"headers":{}}')
    assert.deepEqual(JSON.parse(response.output ?? ''), { status: 200, headers: { 'x-greeted-by': 'Zoë' } })
  })

  it('refuses its configuration', async () => {
    const plugin = await compileExample('greeter')
    assert.throws(
      () => rigFor(plugin, { configJson: '{"nam":"x"}' }),
      /does not accept its configuration \(code 1\)/,
    )
    assert.throws(() => rigFor(plugin, { configJson: 'no JSON' }), /unreachable/)
  })

  it('uses every service of the gateway', async () => {
    const plugin = await compileExample('services')
    const sent: PluginHttpRequest[] = []
    const kept = new Map<string, string>()
    const { pool, logs, metrics } = rigFor(plugin, {
      secrets: { 'env://TOKEN': 's3cret' },
      services: {
        cacheGet: (key) => kept.get(key),
        cacheSet: (key, json) => kept.set(key, json) !== undefined,
        http: (asked) => {
          sent.push(asked)
          return Promise.resolve({ status: 201, headers: { 'x-a': 'b' }, body: Buffer.from('gänzlich') })
        },
      },
    })
    const { CallState } = await import('../../src/runtime/wasm/call-state.ts')
    const instance = pool.lease()
    const state = new CallState(new Map(), Buffer.from('the body'))
    assert.equal(await instance.call('dispatch', request('/x'), state), 0)
    assert.deepEqual(JSON.parse(String(state.output)), {
      status: 200,
      headers: { 'content-type': 'application/json' },
    })
    assert.deepEqual(JSON.parse(String(state.outputBody)), {
      body: 'the body',
      client: '192.0.2.1',
      context: 'GET',
      missing: true,
      uptimeMs: 4567,
      unixSeconds: 1_700_000_000,
      uuid: '018bcfe5-687b-7000-8000-000000000001',
      secret: 's3cret',
      limited: 9,
      cached: 7,
      verified: false,
      status: 201,
      answer: 'gänzlich',
      header: 'b',
    })
    assert.deepEqual(logs, ['info: asked for ä"7'])
    assert.deepEqual(metrics, ['requests{"method":"GET"}+1', 'seconds{}=0.5'])
    const [asked] = sent
    assert.deepEqual(
      [asked?.method, asked?.headers, asked?.body?.toString()],
      ['POST', { accept: '*/*' }, 'sent'],
    )
  })

  describe('reads and writes JSON', () => {
    let echo: (text: string) => string | undefined
    before(async () => {
      const { call } = rigFor(await compileExample('json'))
      echo = (text) =>
        call(
          'dispatch',
          request('/x'),
          (state) => (state.body = Buffer.from(text)),
        ).state.outputBody?.toString()
    })

    it('as JavaScript does', () => {
      fc.assert(
        fc.property(fc.json(), (text) => {
          assert.deepEqual(JSON.parse(echo(text) ?? ''), JSON.parse(text))
        }),
        { numRuns: 300 },
      )
    })

    it('and traps over what is none', () => {
      for (const text of ['', '{', '[1,', '{"a" 1}', '"a', 'tru', '1 2', '"\\x"', '['.repeat(200)])
        assert.throws(() => echo(text), /unreachable/, text)
    })
  })
})
