import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'

import { planArtifact, route } from '../support/plan-artifact.ts'
import { runToExit, spawnGateway, type SpawnedGateway } from '../support/spawn-gateway.ts'
import { withManifest } from '../support/wasm.ts'
import { data, entry, watPlugin } from '../support/wat-plugin.ts'

const BODY_ACCESS = '[capabilities]\nbody_access = true\nhost_functions = ["context_set", "context_get"]\n'

/** Gives out a text that stands at 1024. */
function output(text: string): string {
  return `(call $host_set_output (i32.const 1024) (i32.const ${Buffer.byteLength(text)}))`
}

function answering(name: string, text: string, more = ''): Uint8Array {
  return watPlugin({ body: `${data(1024, text)} ${entry(name, `${more} ${output(text)} (i32.const 0)`)}` })
}

/** Counts its requests in memory and gives the count as the status of the response. */
const counter = watPlugin({
  body: `(global $count (mut i32) (i32.const 0))
    ${data(1024, '{"status":20')}
    ${entry('on_request', '(global.set $count (i32.add (global.get $count) (i32.const 1))) (i32.const 0)')}
    ${entry(
      'on_response',
      `(i32.store8 (i32.const 1036) (i32.add (i32.const 48) (global.get $count)))
      (i32.store8 (i32.const 1037) (i32.const 125))
      (call $host_set_output (i32.const 1024) (i32.const 14)) (i32.const 0)`,
    )}`,
})

const refusing = (() => {
  const text = '{"action":1,"data":{"status":403,"headers":{"content-type":"text/plain"}}}'
  const body = `${data(1024, text)} ${data(2048, 'not today')} ${entry(
    'on_request',
    `(call $host_body_set (i32.const 2048) (i32.const 9)) ${output(text)} (i32.const 1)`,
  )}`
  return watPlugin({ body })
})()

/** Sets a header and the path, and replaces the body. */
const rewriting = (() => {
  const text = '{"action":0,"data":{"path":"/else","query":"a=b","headers":{"x-plugin":"yes"}}}'
  const body = `${data(1024, text)} ${data(2048, 'replaced')} ${entry(
    'on_request',
    `(call $host_body_set (i32.const 2048) (i32.const 8)) ${output(text)} (i32.const 0)`,
  )}`
  return withManifest(watPlugin({ body }), BODY_ACCESS)
})()

/** Gives the client's own body back as a dispatcher. */
const echo = (() => {
  const text = '{"status":201,"headers":{"content-type":"text/plain","x-a":"1"}}'
  const body = `${data(1024, text)} ${entry(
    'dispatch',
    `(local.set $r (call $host_body_read (i32.const 9000) (i32.const 30000)))
    (call $host_body_set (i32.const 9000) (local.get $r)) ${output(text)} (i32.const 0)`,
  )}`
  return watPlugin({ body })
})()

/** Calls a service and gives its body; `host_http_stream` passes it on instead. */
function calling(url: string, how: 'host_http_call' | 'host_http_stream'): Uint8Array {
  const request = JSON.stringify({ method: 'GET', url, headers: { 'x-from': 'plugin' } })
  const isStream = how === 'host_http_stream'
  const text = `{"status":${isStream ? 0 : 200},"headers":{}}`
  const read = `(call $host_body_set (i32.const 9000) (call $host_http_response_body_read (i32.const 9000) (i32.const 30000)))`
  const body = `${data(4096, request)} ${data(1024, text)} ${entry(
    'dispatch',
    `(drop (call $${how} (i32.const 4096) (i32.const ${request.length}))) ${isStream ? '' : read} ${output(text)} (i32.const 0)`,
  )}`
  return watPlugin({ body })
}

describe('a gateway with WebAssembly plugins', () => {
  const cleanups: (() => unknown)[] = []
  const scope = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) }
  let gateway: SpawnedGateway
  let service: Server

  before(async () => {
    service = createServer((request, response) => {
      let text = ''
      request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      request.on('end', () => {
        const { url } = request
        const plugin = request.headers['x-plugin']
        response.end(JSON.stringify({ url, plugin, from: request.headers['x-from'], body: text }))
      })
    })
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
    const origin = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
    const use = (name: string, config = {}) => ({ name, config })
    const upstream = { name: 'http-upstream', config: { url: origin } }
    gateway = await spawnGateway(scope, {
      flags: ['--allow-plaintext-upstream', '--allow-private-upstream'],
      env: { TEST_SECRET: 'hidden' },
      artifact: planArtifact({
        allowPlaintext: true,
        plugins: {
          counter,
          refusing,
          rewriting,
          echo,
          endless: watPlugin({ body: entry('on_request', '(loop $l (br $l)) (i32.const 0)') }),
          'bad-output': answering('on_request', '{"action":0,"data":{"headers":{"x":"a\\u000d\\u000ab"}}}'),
          'bad-response': watPlugin({
            body: `${entry('on_request', '(i32.const 0)')} ${entry('on_response', '(unreachable)')}`,
          }),
          secret: watPlugin({
            body: `${data(1024, 'env://TEST_SECRET')} ${data(2048, '{"status":200,"headers":{}}')}
            ${entry('init', '(i32.store8 (i32.const 3000) (i32.load8_u (i32.add (local.get $p) (i32.const 8)))) (i32.const 0)')}
            ${entry(
              'dispatch',
              `(drop (call $host_get_secret (i32.const 1024) (i32.const 17)))
              (local.set $r (call $host_secret_read_result (i32.const 3001) (i32.const 100)))
              (call $host_body_set (i32.const 3000) (i32.add (local.get $r) (i32.const 1)))
              (call $host_set_output (i32.const 2048) (i32.const 27)) (i32.const 0)`,
            )}`,
          }),
          caller: calling(`${origin}/called?x=1`, 'host_http_call'),
          streamer: calling(`${origin}/streamed`, 'host_http_stream'),
          metadata: calling('http://169.254.169.254/latest', 'host_http_call'),
        },
        routes: [
          route('GET', '/plain'),
          route('GET', '/counted', { middlewares: [use('counter')] }),
          route('GET', '/refused', { middlewares: [use('refusing')] }),
          route('POST', '/rewritten', { middlewares: [use('rewriting')], dispatch: upstream }),
          route('POST', '/echo', { dispatch: use('echo') }),
          route('GET', '/endless', { middlewares: [use('endless')] }),
          route('GET', '/bad-output', { middlewares: [use('bad-output')] }),
          route('GET', '/bad-response', { middlewares: [use('bad-response')] }),
          route('GET', '/secret', { dispatch: use('secret', { key: 'env://TEST_SECRET' }) }),
          route('GET', '/called', { dispatch: use('caller') }),
          route('GET', '/streamed', { dispatch: use('streamer') }),
          route('GET', '/metadata', { dispatch: use('metadata') }),
        ],
      }),
    })
  })
  after(async () => {
    for (const cleanup of cleanups) await cleanup()
    service.close()
  })

  const get = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${gateway.url}${path}`, init)
    return { status: response.status, headers: response.headers, text: await response.text() }
  }

  it('keeps the state of a request until its response, and from all others', async () => {
    for (let round = 0; round < 5; round += 1) assert.equal((await get('/counted')).status, 201)
    const many = await Promise.all(Array.from({ length: 50 }, () => get('/counted')))
    assert.ok(many.every(({ status }) => status === 201))
  })

  it('lets a middleware answer by itself, with its body', async () => {
    const { status, headers, text } = await get('/refused')
    assert.deepEqual([status, headers.get('content-type'), text], [403, 'text/plain', 'not today'])
    assert.ok(headers.get('x-request-id'))
  })

  it('sends upstream what a middleware made of the request', async () => {
    const { text } = await get('/rewritten', { method: 'POST', body: 'original', headers: { 'x-gone': '1' } })
    assert.deepEqual(JSON.parse(text), { url: '/else?a=b', plugin: 'yes', body: 'replaced' })
  })

  it('lets a dispatcher read and give bodies', async () => {
    const { status, headers, text } = await get('/echo', { method: 'POST', body: 'héllo' })
    assert.deepEqual([status, headers.get('x-a'), text], [201, '1', 'héllo'])
  })

  it('ends an endless loop with 500 while other requests go on', async () => {
    const endless = get('/endless')
    const others = await Promise.all(Array.from({ length: 20 }, () => get('/plain')))
    assert.ok(others.every(({ status }) => status === 200))
    const { status, text } = await endless
    assert.equal(status, 500)
    assert.doesNotMatch(text, /endless/)
    const line = await gateway.logged(({ reason }) => String(reason).includes('The plugin endless failed'))
    assert.match(String(line['reason']), /used up what one call may cost/)
    assert.equal((await get('/endless')).status, 500)
  })

  it('answers 500 to output that HTTP does not allow', async () => {
    assert.equal((await get('/bad-output')).status, 500)
  })

  it('passes a response on where a plugin fails over it', async () => {
    assert.equal((await get('/bad-response')).status, 200)
    await gateway.logged(({ msg }) => msg === 'a plugin failed over a response')
  })

  it('gives a plugin the secrets of its own configuration', async () => {
    assert.equal((await get('/secret')).text, 'hhidden')
  })

  it('calls other services for a plugin, and streams their answers', async () => {
    assert.deepEqual(JSON.parse((await get('/called')).text), {
      url: '/called?x=1',
      from: 'plugin',
      body: '',
    })
    assert.deepEqual(JSON.parse((await get('/streamed')).text), {
      url: '/streamed',
      from: 'plugin',
      body: '',
    })
  })

  it('calls no metadata service for anyone', async () => {
    assert.match(
      (await get('/metadata')).text,
      /169\.254\.169\.254 is a link-local, reserved or metadata address/,
    )
  })
})

describe('a gateway does not start', () => {
  const start = async (plugin: Uint8Array, context: { after: (cleanup: () => unknown) => void }) => {
    const artifact = planArtifact({
      plugins: { broken: plugin },
      routes: [route('GET', '/a', { middlewares: [{ name: 'broken', config: { level: 7 } }] })],
    })
    const { code, stderr } = await runToExit(context, { artifact })
    return { code, stderr }
  }

  it('with a plugin that cannot be confined', async (context) => {
    const { code, stderr } = await start(
      watPlugin({
        body: entry('on_request', '(i32.const 0)'),
        memory: '(memory (export "memory") 1 2 shared)',
      }),
      context,
    )
    assert.equal(code, 2)
    assert.match(
      stderr,
      /BCN_PLUGIN_REFUSED: The plugin broken of the artifact cannot be run: its memory is shared/,
    )
  })

  it('with a plugin that does not declare what it imports', async (context) => {
    const bytes = watPlugin({ body: entry('on_request', '(call $host_uuid_generate)') })
    const { code, stderr } = await start(
      withManifest(bytes, '[capabilities]\nhost_functions = ["log"]\n'),
      context,
    )
    assert.equal(code, 2)
    assert.match(stderr, /it imports host_uuid_generate and does not declare generate_uuid/)
  })

  it('with a plugin that refuses its configuration', async (context) => {
    const body = `${entry('init', '(i32.const 4)')} ${entry('on_request', '(i32.const 0)')}`
    const { code, stderr } = await start(watPlugin({ body }), context)
    assert.equal(code, 2)
    assert.match(
      stderr,
      /BCN_PLUGIN_CONFIG: GET \/a: the plugin broken does not start: it does not accept its configuration \(code 4\)/,
    )
  })
})
