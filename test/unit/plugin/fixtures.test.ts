import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import type { JsonObject } from '../../../src/domain/index.ts'
import { compareOutcome } from '../../../src/plugin/fixture/compare-outcome.ts'
import { parseFixture } from '../../../src/plugin/fixture/parse-fixture.ts'
import { runFixture } from '../../../src/plugin/fixture/run-fixture.ts'
import { updatedFixture } from '../../../src/plugin/fixture/update-fixture.ts'
import { findFixtures, testPlugin } from '../../../src/plugin/index.ts'
import { expectProblem, expectRejection } from '../../support/expect-problem.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { withManifest } from '../../support/wasm.ts'
import { data, entry, watPlugin } from '../../support/wat-plugin.ts'

const fixture = (yaml: string) => parseFixture('a.yaml', Buffer.from(yaml))

/** Gives out a text that stands at 1024. */
const output = (text: string) =>
  `(call $host_set_output (i32.const 1024) (i32.const ${Buffer.byteLength(text)}))`

/** Runs instructions in `on_request`, which give out this text. */
function giving(text: string, instructions = '', more = '', name = 'on_request'): Uint8Array {
  return watPlugin({
    body: `${data(1024, text)} ${more} ${entry(name, `${instructions} ${output(text)} (i32.const 0)`)}`,
  })
}

describe('a fixture of a plugin', () => {
  it('shows what goes on, what comes back, and what the plugin has left', async () => {
    const plugin = withManifest(
      giving(
        '{"action":0,"data":{"path":"/else","query":null,"headers":{"x-a":"1"}}}',
        `(call $host_context_set (i32.const 16) (i32.const 3) (i32.const 19) (i32.const 5))
        (call $host_log (i32.const 1) (i32.const 16) (i32.const 8))
        (call $host_metric_counter_inc (i32.const 16) (i32.const 3) (i32.const 0) (i32.const 0) (f64.const 2))
        (drop (call $host_cache_set (i32.const 16) (i32.const 3) (i32.const 24) (i32.const 1) (i32.const 5)))
        (call $host_body_set (i32.const 16) (i32.const 8))`,
        data(16, 'keyvalue7'),
      ),
      '[capabilities]\nbody_access = true\nhost_functions = ["context_set", "log", "telemetry", "cache"]\n',
    )
    const given = fixture(`
      request: { method: POST, path: /a, query: x=1, headers: { X-Gone: y }, body: text }
      response: { status: 404, headers: { x-b: '2' }, body: { base64: /wA= } }
      host: { context: { earlier: kept } }
    `)
    assert.deepEqual(await runFixture(plugin, given), {
      action: 'continue',
      request: { path: '/else', query: '', headers: { 'x-a': '1' }, body: 'keyvalue' },
      response: { status: 404, headers: { 'x-b': '2' }, body: { base64: '/wA=' } },
      context: { key: 'value' },
      logs: ['warn: keyvalue'],
      metrics: ['key{} +2'],
      cache: { key: 7 },
    })
  })

  it('lets a middleware without body access pass the body on unseen', async () => {
    const plugin = watPlugin({
      body: entry('on_request', '(i32.wrap_i64 (call $host_body_len)) (drop) (i32.const 0)'),
    })
    const { request } = await runFixture(plugin, fixture('request: { method: POST, body: sent }'))
    assert.deepEqual(request, { path: '/', headers: {}, body: 'sent' })
  })

  it('has the services of the gateway: time, secrets, limits, cache, other services', async () => {
    const request = '{"method":"GET","url":"https://a.example/keys","headers":{}}'
    const plugin = giving(
      '{"status":200,"headers":{}}',
      `(i32.store (i32.const 4096) (i32.wrap_i64 (call $host_get_unix_timestamp)))
      (drop (call $host_get_secret (i32.const 16) (i32.const 7)))
      (drop (call $host_secret_read_result (i32.const 4100) (i32.const 100)))
      (drop (call $host_rate_limit_check (i32.const 23) (i32.const 2) (i32.const 10) (i32.const 60)))
      (drop (call $host_rate_limit_read_result (i32.const 4106) (i32.const 16)))
      (drop (call $host_cache_get (i32.const 23) (i32.const 2)))
      (drop (call $host_cache_read_result (i32.const 4122) (i32.const 22)))
      (drop (call $host_http_call (i32.const 2048) (i32.const ${request.length})))
      (drop (call $host_http_response_body_read (i32.const 4144) (i32.const 4)))
      (call $host_body_set (i32.const 4096) (i32.const 52))`,
      `${data(16, 'env://Kip')} ${data(2048, request)}`,
      'dispatch',
    )
    const outcome = await runFixture(
      plugin,
      fixture(
        `
        config: { key: env://K }
        host:
          now: '1970-01-01T00:00:65Z'
          secrets: { env://K: s3cret }
          rate_limits: { ip: 10 }
          cache: { ip: { n: 7 } }
          http: [{ url: https://b.example/ }, { method: GET, url: https://a.example/keys, body: keys }]
      `.replace('00:00:65', '00:01:05'),
      ),
    )
    const { response, calls } = outcome as { response: JsonObject; calls: unknown }
    assert.equal(response['body'], 'A\0\0\0s3cret{"allowed":false{"hit":true,"entry":{"keys')
    assert.deepEqual(calls, [{ method: 'GET', url: 'https://a.example/keys' }])
  })

  it('answers a call that it has no answer for with 502, and passes a streamed one on', async () => {
    const request = '{"method":"GET","url":"https://a.example/"}'
    const plugin = giving(
      '{"status":0,"headers":{}}',
      `(drop (call $host_http_stream (i32.const 2048) (i32.const ${request.length})))`,
      data(2048, request),
      'dispatch',
    )
    const none = (await runFixture(plugin, fixture('{}'))) as { response: JsonObject }
    assert.equal(none.response['status'], 502)
    const { response } = await runFixture(
      plugin,
      fixture('host: { http: [{ status: 201, headers: { X-A: b }, body: piece }] }'),
    )
    assert.deepEqual(response, { status: 201, headers: { 'x-a': 'b' }, body: 'piece' })
  })

  it('fails where the plugin does: in a loop, in a trap, with no answer, with headers that are none', async () => {
    const bad: readonly (readonly [RegExp, Uint8Array])[] = [
      [
        /used up what one call may cost/,
        watPlugin({ body: entry('on_request', '(loop $l (br $l)) (i32.const 0)') }),
      ],
      [/unreachable/, watPlugin({ body: entry('on_request', '(unreachable)') })],
      [/gives no response/, watPlugin({ body: entry('dispatch', '(i32.const 0)') })],
      [
        /beyond its memory/,
        watPlugin({
          body: entry('on_request', '(call $host_set_output (i32.const -1) (i32.const 9)) (i32.const 0)'),
        }),
      ],
      [
        /is not allowed|value of the header|not .*field/i,
        giving('{"action":1,"data":{"status":200,"headers":{"a b":"c"}}}'),
      ],
    ]
    for (const [reason, plugin] of bad) {
      const outcome = await runFixture(plugin, fixture('{}'))
      assert.equal(outcome['action'], 'fail', String(reason))
      assert.match(JSON.stringify(outcome['reason']), reason)
    }
    const overResponse = watPlugin({
      body: `${entry('on_request', '(i32.const 0)')} ${entry('on_response', '(unreachable)')}`,
    })
    const { action, logs } = await runFixture(overResponse, fixture('{}'))
    assert.deepEqual([action, logs], ['continue', ['error: a plugin failed over a response: unreachable']])
  })

  it('is refused where no gateway would start: by init, for its module, for what it declares', async () => {
    const refused = async (plugin: Uint8Array) => {
      const { action, reason } = await runFixture(plugin, fixture('{}'))
      assert.equal(action, 'refuse')
      return JSON.stringify(reason)
    }
    assert.match(
      await refused(watPlugin({ body: entry('init', '(i32.const 4)') })),
      /configuration \(code 4\)/,
    )
    assert.match(await refused(Buffer.from('nothing')), /no core module/)
    const undeclared = watPlugin({ body: entry('on_request', '(call $host_uuid_generate)') })
    assert.match(
      await refused(withManifest(undeclared, '[plugin]\nname = "a"\n')),
      /does not declare generate_uuid/,
    )
  })

  it('holds a body to the limit of a gateway', async () => {
    const plugin = withManifest(
      watPlugin({ body: entry('on_request', '(i32.const 0)') }),
      '[capabilities]\nbody_access = true\n',
    )
    const large = {
      ...fixture('request: { method: POST }'),
      request: { ...fixture('{}').request, body: Buffer.alloc(1024 * 1024 + 1) },
    }
    const { response } = (await runFixture(plugin, large)) as { response: JsonObject }
    assert.equal(response['status'], 413)
  })
})

describe('what a fixture expects', () => {
  const differ = (expected: JsonObject, actual: JsonObject) =>
    compareOutcome(expected, actual).map(({ pointer }) => pointer)

  it('is what it mentions: members of objects, whole lists, null for nothing', () => {
    const actual = {
      action: 'respond',
      response: { status: 503, headers: { a: '1', b: '2' } },
      logs: ['x', 'y'],
    }
    assert.deepEqual(differ({}, actual), [])
    assert.deepEqual(differ({ response: { headers: { b: '2', c: null } }, calls: null }, actual), [])
    assert.deepEqual(differ({ response: { status: 200, headers: { a: null } } }, actual), [
      '/response/status',
      '/response/headers/a',
    ])
    assert.deepEqual(differ({ logs: ['x', 'z'] }, actual), ['/logs/1'])
    assert.deepEqual(differ({ logs: ['x'] }, actual), ['/logs'])
    assert.deepEqual(differ({ request: { path: '/' } }, actual), ['/request'])
  })
})

describe('the file of a fixture', () => {
  it('is refused with every fault at its place (BCN_PLUGIN_FIXTURE)', () => {
    const source = `config: { key: 'env://NONE' }
requst: {}
request: { path: no-slash, headers: { a: 1 } }
host: { http: [7, { status: 99 }], now: today }
expect: { acton: respond }
`
    const problem = expectProblem('BCN_PLUGIN_FIXTURE', () => fixture(source))
    assert.deepEqual(
      problem.findings?.map(({ at, message }) => `${at.line}:${at.col} ${message}`),
      [
        '1:16 env://NONE is a secret that `host.secrets` does not have',
        '2:1 The key `requst` is unknown',
        '3:18 `path` is the string "no-slash", not a path',
        '3:37 `headers` is an object, not an object of texts',
        '4:16 The answer is the number 7, not an object',
        '4:29 `status` is the number 99, not a status from 200 to 599',
        '4:41 `now` is the string "today", not a time in UTC with whole seconds',
        '5:11 The key `acton` is unknown',
      ],
    )
    expectProblem('BCN_PLUGIN_FIXTURE', () => fixture('- a list'))
    expectProblem('BCN_PLUGIN_FIXTURE', () => fixture(''))
  })

  it('keeps its comments and everything else when it is updated', () => {
    const source = '# why\nrequest: { path: /a } # here\nexpect:\n  action: fail\n'
    assert.equal(
      updatedFixture('a.yaml', source, { action: 'respond', logs: ['a: b'] }),
      '# why\nrequest: { path: /a } # here\nexpect:\n  action: respond\n  logs:\n    - "a: b"\n',
    )
    assert.equal(
      updatedFixture('a.json', '{"request":{}}', { action: 'fail' }),
      '{\n  "request": {},\n  "expect": {\n    "action": "fail"\n  }\n}\n',
    )
  })
})

describe('testing a plugin', () => {
  const plugin = watPlugin({ body: entry('on_request', '(i32.const 0)') })

  it('tries every file below its folder, and says what is not as expected', async () => {
    await using folder = await temporaryFolder({
      'tests/b.yaml': 'name: passes\nexpect: { action: continue }\n',
      'tests/more/a.json': '{"expect":{"action":"fail"}}',
      'tests/nothing.yml': 'request: {}\n',
      'tests/notes.txt': 'none',
    })
    const fixtures = await findFixtures(join(folder.path, 'tests'))
    const test = { name: 'p', modulePath: 'p.wasm', module: plugin, fixtures, root: folder.path }
    const reports = await testPlugin({ ...test, update: false })
    assert.deepEqual(
      reports.map(({ file, name, outcome, differences }) => [file, name, outcome, differences.length]),
      [
        ['tests/b.yaml', 'passes', 'passed', 0],
        ['tests/more/a.json', 'a.json', 'failed', 1],
        ['tests/nothing.yml', 'nothing.yml', 'failed', 1],
      ],
    )
    const updated = await testPlugin({ ...test, update: true })
    assert.deepEqual(new Set(updated.map(({ outcome }) => outcome)), new Set(['updated']))
    assert.match(await readFile(join(folder.path, 'tests/nothing.yml'), 'utf8'), /action: continue/)
    const again = await testPlugin({ ...test, update: false })
    assert.ok(again.every(({ outcome }) => outcome === 'passed'))
  })

  it('needs fixtures that are there (BCN_PLUGIN_NO_FIXTURES, BCN_PLUGIN_NOT_READ)', async () => {
    await using folder = await temporaryFolder({ 'tests/a.txt': '' })
    for (const path of ['tests', 'none'])
      await expectRejection('BCN_PLUGIN_NO_FIXTURES', () => findFixtures(join(folder.path, path)))
    const fixtures = [join(folder.path, 'none.yaml')]
    const test = {
      name: 'p',
      modulePath: 'p.wasm',
      module: plugin,
      fixtures,
      root: folder.path,
      update: false,
    }
    await expectRejection('BCN_PLUGIN_NOT_READ', () => testPlugin(test))
  })
})
