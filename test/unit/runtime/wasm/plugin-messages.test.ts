import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { tryPlugin, type Trial, type TrialOutcome } from '../../../../src/runtime/index.ts'
import { fixtureServices } from '../../../../src/plugin/fixture/fixture-services.ts'
import { parseFixture } from '../../../../src/plugin/fixture/parse-fixture.ts'
import { withManifest } from '../../../support/wasm.ts'
import { data, entry, watPlugin } from '../../../support/wat-plugin.ts'

const { host, request, answer } = parseFixture('a.yaml', Buffer.from('{}'))

/** Sends a request through a plugin by the code that serves requests. */
function send(module: Uint8Array, more: Partial<Trial> = {}): Promise<TrialOutcome> {
  const { services } = fixtureServices(host)
  return tryPlugin({
    module,
    config: {},
    secrets: new Map(),
    request,
    answer,
    context: new Map(),
    services,
    ...more,
  })
}

const output = (text: string) =>
  `(call $host_set_output (i32.const 1024) (i32.const ${Buffer.byteLength(text)}))`

/** Gives out this text, if any, and returns this code. */
function giving(
  text: string | undefined,
  code: number,
  { name = 'on_request', does = '', manifest = '' } = {},
): Uint8Array {
  const module = watPlugin({
    body: `${data(1024, text ?? '')} ${data(4096, 'own')}
      ${entry(name, `${does} ${text === undefined ? '' : output(text)} (i32.const ${code})`)}`,
  })
  return manifest === '' ? module : withManifest(module, manifest)
}

/** Answers with its input as the body. */
const mirror = watPlugin({
  body: `${data(1024, '{"status":200}')} ${entry(
    'dispatch',
    `(call $host_body_set (local.get $p) (local.get $n)) ${output('{"status":200}')} (i32.const 0)`,
  )}`,
})
const BODY_ACCESS = '[capabilities]\nbody_access = true\n'
const SETS_BODY = '(call $host_body_set (i32.const 4096) (i32.const 3))'

describe('plugin interface §4 Messages', () => {
  it('a request has the members method, path, query, headers, client_ip and path_params, in UTF-8', async () => {
    const outcome = await send(mirror, {
      request: {
        method: 'POST',
        path: '/b%C3%BCcher/7',
        query: 'a=b&c',
        headers: { Accept: '*/*', cookie: 'ä' },
        clientAddress: '2001:db8::1',
        pathParameters: { id: 'ä/"7' },
        body: null,
      },
    })
    assert.ok('response' in outcome)
    assert.deepEqual(JSON.parse(String(outcome.response.body)), {
      method: 'POST',
      path: '/b%C3%BCcher/7',
      query: 'a=b&c',
      headers: { accept: '*/*', cookie: 'ä' },
      client_ip: '2001:db8::1',
      path_params: { id: 'ä/"7' },
    })
    const plain = await send(mirror)
    assert.ok('response' in plain)
    assert.equal((JSON.parse(String(plain.response.body)) as { query: unknown }).query, null)
  })

  it('on_request: {"action": 0, "data": request} with 0 goes on with its path, query and headers', async () => {
    const changed = '{"path":"/else","query":"x=1","headers":{"x-a":"1"}}'
    for (const text of [`{"action":0,"data":${changed}}`, changed]) {
      const outcome = await send(giving(text, 0), {
        request: { ...request, query: 'gone', headers: { gone: '1' } },
      })
      assert.ok(outcome.action === 'continue')
      assert.deepEqual(outcome.request, { path: '/else', query: 'x=1', headers: { 'x-a': '1' }, body: null })
    }
  })

  it('on_request: {"action": 1, "data": response} answers with any code, a response with another than 0', async () => {
    const response = '{"status":403,"headers":{"x-a":"1"}}'
    for (const [text, code] of [
      [`{"action":1,"data":${response}}`, 1],
      [`{"action":1,"data":${response}}`, 0],
      [response, 1],
      [response, 7],
    ] as const) {
      const outcome = await send(giving(text, code))
      assert.ok(outcome.action === 'respond', `${text} ${code}`)
      assert.deepEqual([outcome.response.status, outcome.response.headers], [403, { 'x-a': '1' }])
    }
  })

  it('on_request: nothing with 0 goes on as it was, nothing with another code is 500', async () => {
    assert.equal((await send(giving(undefined, 0))).action, 'continue')
    assert.equal((await send(giving(undefined, 1))).action, 'fail')
  })

  it('on_response and dispatch give a response; of on_response nothing leaves it as it was', async () => {
    const changes = '{"status":202,"headers":{"x-new":"1"}}'
    const body = `${data(1024, changes)} ${entry('on_request', '(i32.const 0)')}`
    const changing = watPlugin({
      body: `${body} ${entry('on_response', `${output(changes)} (i32.const 0)`)}`,
    })
    const given = { status: 200, headers: { 'x-old': '1' }, body: Buffer.from('kept') }
    const outcome = await send(changing, { answer: given })
    assert.ok('response' in outcome)
    assert.deepEqual(outcome.response, { status: 202, headers: { 'x-new': '1' }, body: Buffer.from('kept') })
    const silent = watPlugin({ body: `${body} ${entry('on_response', '(i32.const 1)')}` })
    const same = await send(silent, { answer: given })
    assert.ok('response' in same)
    assert.deepEqual(same.response, given)
    assert.equal((await send(giving(undefined, 0, { name: 'dispatch' }))).action, 'fail')
  })

  it('dispatch: a status of 0 says that the answer was streamed, and is a fault where it was not', async () => {
    const outcome = await send(giving('{"status":0,"headers":{}}', 0, { name: 'dispatch' }))
    assert.ok(outcome.action === 'fail')
    assert.match(outcome.reason, /says that it has streamed its answer, and has not/)
  })
})

describe('plugin interface §5 Bodies', () => {
  const withBody = { request: { ...request, method: 'POST', body: Buffer.from('sent') } }

  it('a middleware without body_access sees none, and what it sets does not go on', async () => {
    const length = watPlugin({
      body: entry(
        'on_request',
        `${SETS_BODY} (if (i64.ne (call $host_body_len) (i64.const -1)) (then (unreachable))) (i32.const 0)`,
      ),
    })
    const outcome = await send(length, withBody)
    assert.ok(outcome.action === 'continue')
    assert.equal(String(outcome.request.body), 'sent')
  })

  it('a middleware with body_access reads it and replaces it, or takes it away', async () => {
    const replaced = await send(giving(undefined, 0, { does: SETS_BODY, manifest: BODY_ACCESS }), withBody)
    assert.ok(replaced.action === 'continue')
    assert.equal(String(replaced.request.body), 'own')
    const cleared = await send(
      giving(undefined, 0, { does: '(call $host_body_clear)', manifest: BODY_ACCESS }),
      withBody,
    )
    assert.ok(cleared.action === 'continue')
    assert.equal(cleared.request.body?.byteLength, 0)
    const read = '(drop (call $host_body_read (i32.const 8192) (i32.const 100)))'
    const untouched = await send(giving(undefined, 0, { does: read, manifest: BODY_ACCESS }), withBody)
    assert.ok(untouched.action === 'continue')
    assert.equal(String(untouched.request.body), 'sent', 'what was read goes on unless another is set')
  })

  it('the body of an answer of its own always counts', async () => {
    const text = '{"action":1,"data":{"status":403,"headers":{}}}'
    const outcome = await send(giving(text, 1, { does: SETS_BODY }))
    assert.ok(outcome.action === 'respond')
    assert.equal(String(outcome.response.body), 'own')
  })

  it('a dispatcher always has the body; one that sets none answers without one', async () => {
    const text = '{"status":200,"headers":{}}'
    const sized = giving(text, 0, {
      name: 'dispatch',
      does: '(if (i64.ne (call $host_body_len) (i64.const 4)) (then (unreachable)))',
    })
    const outcome = await send(sized, withBody)
    assert.ok(outcome.action === 'respond')
    assert.equal(outcome.response.body, null)
  })
})
