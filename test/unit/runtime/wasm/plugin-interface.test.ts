import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, it } from 'node:test'

import { PluginFault } from '../../../../src/runtime/wasm/plugin-fault.ts'
import type { PluginHttpRequest } from '../../../../src/runtime/wasm/plugin-services.ts'
import { rigFor, type RigOptions } from '../../../support/plugin-host.ts'
import { data, entry } from '../../../support/wat-plugin.ts'

/** Gives the input back. */
const ECHO = '(call $host_set_output (local.get $p) (local.get $n)) (i32.const 0)'

/** Runs instructions that leave a length in `$r`, reads that result to 4096, and gives it back. */
function readBack(read: string): string {
  return `(call $host_set_output (i32.const 4096) (call $${read} (i32.const 4096) (i32.const 2000))) (local.get $r)`
}

function run(instructions: string, more = '', options: RigOptions = {}) {
  const rig = rigFor({ body: `${more} ${entry('on_request', instructions)}` }, options)
  return { ...rig, result: rig.call('on_request') }
}

describe('plugin interface §2 Exports', () => {
  it('init, on_request, on_response and dispatch take JSON at a pointer, and return a code', () => {
    for (const name of ['on_request', 'on_response', 'dispatch'] as const) {
      const { call } = rigFor({ body: entry(name, ECHO.replace('(i32.const 0)', '(i32.const 7)')) })
      const { code, output } = call(name, '{"é":"✓"}')
      assert.equal(code, 7)
      assert.equal(output, '{"é":"✓"}')
    }
  })

  it('init gets the configuration once; what it leaves is there in every call', () => {
    const body = `(global $seen (mut i32) (i32.const 0))
      ${entry('init', '(global.set $seen (i32.add (global.get $seen) (local.get $n))) (i32.store (i32.const 64) (local.get $n)) (i32.const 0)')}
      ${entry('on_request', '(i32.add (global.get $seen) (i32.load (i32.const 64)))')}`
    const { call } = rigFor({ body }, { configJson: '{"a":1}' })
    assert.equal(call('on_request').code, 14)
    assert.equal(call('on_request').code, 14)
  })

  it('a code of init other than 0 refuses the configuration', () => {
    assert.throws(
      () => rigFor({ body: entry('init', '(i32.const 3)') }),
      new PluginFault('refused', 'it does not accept its configuration (code 3)'),
    )
  })

  it('without alloc the input stands behind what the plugin has', () => {
    const at = '(i32.store (i32.const 0) (local.get $p)) (call $host_set_output (i32.const 0) (i32.const 4))'
    const { call } = rigFor({
      body: entry('on_request', `${at} (i32.load8_u (local.get $p))`),
      hasAlloc: false,
    })
    const { code, state } = call('on_request', '{"x":1}')
    assert.equal(code, '{'.charCodeAt(0))
    assert.equal(state.output?.readUInt32LE(), 2 * 65_536)
  })

  it('dealloc, _start and _initialize are not called', () => {
    const trap = '(unreachable)'
    const body = `(func (export "_start") ${trap}) (func (export "_initialize") ${trap})
      (func (export "dealloc") (param i32 i32) ${trap}) ${entry('on_request', '(i32.const 0)')}`
    assert.equal(rigFor({ body }).call('on_request').code, 0)
  })

  it('whatever else a toolchain exports is left alone', () => {
    const body = `(global (export "__heap_base") i32 (i32.const 65536)) (global (export "__data_end") i32 (i32.const 1024))
      (table (export "__indirect_function_table") 1 funcref) (func (export "main") (result i32) (unreachable))
      ${entry('on_request', '(i32.const 0)')}`
    assert.equal(rigFor({ body }).call('on_request').code, 0)
  })

  it('an entry point that is not exported cannot be called', () => {
    const { call } = rigFor({ body: entry('on_request', '(i32.const 0)') })
    assert.throws(() => call('dispatch'), new PluginFault('trap', 'it does not export dispatch'))
  })
})

describe('plugin interface §3 Calls', () => {
  it('empty data comes with pointer 0', () => {
    const { call } = rigFor({ body: entry('on_request', '(i32.or (local.get $p) (local.get $n))') })
    assert.equal(call('on_request', '').code, 0)
  })

  it('the last output counts', () => {
    const twice = `(call $host_set_output (i32.const 16) (i32.const 5)) (call $host_set_output (i32.const 21) (i32.const 6))`
    assert.equal(run(`${twice} (i32.const 0)`, data(16, 'firstsecond')).result.output, 'second')
  })

  it('the output of one call is not that of the next', () => {
    const once = `(if (i32.gt_u (local.get $n) (i32.const 2)) (then ${ECHO.replace('(i32.const 0)', '')})) (i32.const 0)`
    const { call } = rigFor({ body: entry('on_request', once) })
    assert.equal(call('on_request', '"first"').output, '"first"')
    assert.equal(call('on_request', '{}').output, undefined)
  })
})

describe('plugin interface §5 Bodies', () => {
  const withBody = (instructions: string, body: string | null) =>
    rigFor({ body: entry('on_request', instructions) }).call('on_request', '{}', (state) => {
      state.body = body === null ? null : Buffer.from(body)
    })

  it('host_body_len says how long it is, and -1 where there is none', () => {
    const length = '(i32.wrap_i64 (call $host_body_len))'
    assert.equal(withBody(length, 'hello').code, 5)
    assert.equal(withBody(length, '').code, 0)
    assert.equal(withBody(length, null).code, -1)
  })

  it('host_body_read takes it: what was read is no longer there', () => {
    const read = `(local.set $r (call $host_body_read (i32.const 4096) (i32.const 100)))
      (call $host_set_output (i32.const 4096) (local.get $r)) (i32.wrap_i64 (call $host_body_len))`
    const { code, output } = withBody(read, 'hello')
    assert.equal(output, 'hello')
    assert.equal(code, -1)
  })

  it('host_body_read copies no more than the buffer takes', () => {
    const read = '(drop (call $host_body_read (i32.const 4096) (i32.const 2))) (i32.load (i32.const 4096))'
    assert.equal(withBody(read, 'hello').code, Buffer.from('he\0\0').readUInt32LE())
  })

  it('host_body_set and host_body_clear say what it becomes', () => {
    const set = '(call $host_body_set (i32.const 16) (i32.const 3))'
    const { call } = rigFor({ body: `${data(16, 'new')} ${entry('on_request', `${set} (i32.const 0)`)}` })
    assert.equal(call('on_request').state.outputBody?.toString(), 'new')
    assert.equal(withBody(`${set} (call $host_body_clear) (i32.const 0)`, 'x').state.outputBody, null)
    assert.equal(withBody('(i32.const 0)', 'x').state.outputBody, undefined)
  })
})

describe('plugin interface §6 Host functions', () => {
  it('host_log has the levels error, warn, info and debug, and a limit of lines', () => {
    const log = (level: number) => `(call $host_log (i32.const ${level}) (i32.const 16) (i32.const 2))`
    const { logs } = run(`${[0, 1, 2, 3, 9].map(log).join('')} (i32.const 0)`, data(16, 'hi'))
    assert.deepEqual(logs, ['error: hi', 'warn: hi', 'info: hi', 'debug: hi', 'debug: hi'])
    const many = `(local.set $r (i32.const 1000)) (loop $l ${log(2)}
      (br_if $l (local.tee $r (i32.sub (local.get $r) (i32.const 1))))) (i32.const 0)`
    assert.equal(run(many, data(16, 'hi')).logs.length, 100)
  })

  it('host_context_set and host_context_get share strings within a request', () => {
    const body = `${data(16, 'keyvalue')} ${entry(
      'on_request',
      `(drop (call $host_context_get (i32.const 19) (i32.const 5)))
      (call $host_context_set (i32.const 16) (i32.const 3) (i32.const 19) (i32.const 5))
      (local.set $r (call $host_context_get (i32.const 16) (i32.const 3))) ${readBack('host_context_read_result')}`,
    )}`
    const { call } = rigFor({ body })
    const { code, output, state } = call('on_request')
    assert.equal(code, 5)
    assert.equal(output, 'value')
    assert.deepEqual([...state.context], [['key', 'value']])
    const missing = run('(call $host_context_get (i32.const 16) (i32.const 3))')
    assert.equal(missing.result.code, -1)
  })

  it('a result is read once', () => {
    const again = `(drop (call $host_uuid_generate)) (drop (call $host_uuid_read_result (i32.const 4096) (i32.const 50)))
      (call $host_uuid_read_result (i32.const 4096) (i32.const 50))`
    assert.equal(run(again).result.code, 0)
  })

  it('host_clock_now and host_time_now count milliseconds since the start of the process', () => {
    assert.equal(run('(i32.wrap_i64 (call $host_clock_now))').result.code, 4567)
    assert.equal(run('(i32.wrap_i64 (call $host_time_now))').result.code, 4567)
  })

  it('host_get_unix_timestamp gives seconds', () => {
    assert.equal(run('(i32.wrap_i64 (call $host_get_unix_timestamp))').result.code, 1_700_000_000)
  })

  it('host_uuid_generate gives a UUID as text', () => {
    const { result } = run(`(local.set $r (call $host_uuid_generate)) ${readBack('host_uuid_read_result')}`)
    assert.equal(result.code, 36)
    assert.equal(result.output, '018bcfe5-687b-7000-8000-000000000001')
  })

  it('host_get_secret gives what the configuration refers to and nothing else', () => {
    const ask = (reference: string) =>
      run(
        `(local.set $r (call $host_get_secret (i32.const 16) (i32.const ${reference.length}))) ${readBack('host_secret_read_result')}`,
        data(16, reference),
        { secrets: { 'env://TOKEN': 's3cret' } },
      ).result
    assert.equal(ask('env://TOKEN').output, 's3cret')
    assert.equal(ask('env://HOME').code, -1)
  })

  it('host_rate_limit_check answers with the state of the window', () => {
    const asked: unknown[] = []
    const rateLimit = (key: string, limit: number, seconds: number) => {
      asked.push([key, limit, seconds])
      return { allowed: false, limit, remaining: 0, reset: 99, retry_after: 3 }
    }
    const check = (quota: number, window: number) =>
      run(
        `(local.set $r (call $host_rate_limit_check (i32.const 16) (i32.const 2) (i32.const ${quota}) (i32.const ${window})))
        ${readBack('host_rate_limit_read_result')}`,
        data(16, 'ip'),
        { services: { rateLimit } },
      ).result
    const { output = '' } = check(10, 60)
    assert.deepEqual(JSON.parse(output), {
      allowed: false,
      limit: 10,
      remaining: 0,
      reset: 99,
      retry_after: 3,
    })
    assert.deepEqual(asked, [['ip', 10, 60]])
    assert.equal(check(0, 60).code, -1)
    assert.equal(check(1_000_001, 60).code, -1)
    assert.equal(check(10, 0).code, -1)
  })

  it('host_cache_get and host_cache_set keep entries', () => {
    const kept = new Map<string, string>()
    const services = {
      cacheGet: (key: string) => kept.get(key),
      cacheSet: (key: string, json: string, ttl: number) => {
        kept.set(key, json)
        return ttl === 30
      },
    }
    const value = '{"status":200,"headers":{},"body":""}'
    const body = `${data(16, `k${value}`)} ${entry(
      'on_request',
      `(local.set $r (call $host_cache_set (i32.const 16) (i32.const 1) (i32.const 17) (i32.const ${value.length}) (i32.const 30)))
      (drop (call $host_cache_get (i32.const 16) (i32.const 1))) ${readBack('host_cache_read_result')}`,
    )} ${entry('on_response', `(local.set $r (call $host_cache_get (i32.const 18) (i32.const 2))) ${readBack('host_cache_read_result')}`)}
    ${entry('dispatch', '(call $host_cache_set (i32.const 16) (i32.const 1) (i32.const 18) (i32.const 3) (i32.const 30))')}`
    const { call } = rigFor({ body }, { services })
    const { code, output } = call('on_request')
    assert.equal(code, 0)
    assert.equal(output, `{"hit":true,"entry":${value}}`)
    assert.equal(call('on_response').output, '{"hit":false}')
    assert.equal(call('dispatch').code, -1, 'what is no JSON is not kept')
  })

  it('host_verify_signature answers 1, 0 and -1', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const signature = sign('sha256', Buffer.from('text'), { key: privateKey, dsaEncoding: 'ieee-p1363' })
    const ask = (message: string, algorithm = 'ES256') => {
      const request = JSON.stringify({
        algorithm,
        message,
        jwk: publicKey.export({ format: 'jwk' }),
        signature: [...signature],
      })
      const body = `${data(2048, request)} ${entry('on_request', `(call $host_verify_signature (i32.const 2048) (i32.const ${request.length}))`)}`
      return rigFor({ body }).call('on_request').code
    }
    assert.equal(ask('text'), 1)
    assert.equal(ask('other'), 0)
    assert.equal(ask('text', 'ES384'), -1, 'a key of another curve')
    assert.equal(ask('text', 'RS256'), -1, 'a key of another kind')
    assert.equal(ask('text', 'none'), -1)
  })

  it('host_metric_counter_inc and host_metric_histogram_observe have labels; spans are taken', () => {
    const { metrics, result } = run(
      `(call $host_metric_counter_inc (i32.const 16) (i32.const 4) (i32.const 20) (i32.const 9) (f64.const 2))
      (call $host_metric_histogram_observe (i32.const 16) (i32.const 4) (i32.const 0) (i32.const 0) (f64.const 0.5))
      (call $host_span_start (i32.const 16) (i32.const 4))
      (call $host_span_set_attribute (i32.const 16) (i32.const 1) (i32.const 16) (i32.const 1))
      (call $host_span_end) (i32.const 0)`,
      data(16, 'hits{"a":"b"}'),
    )
    assert.equal(result.code, 0)
    assert.deepEqual(metrics, ['hits{"a":"b"}+2', 'hits{}=0.5'])
  })

  it('host_kafka_publish and host_nats_publish fail in a way that the plugin can read', () => {
    for (const publish of ['host_kafka_publish', 'host_nats_publish']) {
      const { result } = run(
        `(local.set $r (call $${publish} (i32.const 0) (i32.const 0))) ${readBack('host_broker_read_result')}`,
      )
      assert.deepEqual(JSON.parse(result.output ?? ''), {
        success: false,
        error: 'This gateway publishes to no broker.',
      })
    }
  })
})

describe('plugin interface §7 Calls of other services', () => {
  const request =
    '{"method":"POST","url":"https://a.example/x","headers":{"a":"b"},"timeout_ms":900,"body":"aGk="}'
  const call = `(local.set $r (call $host_http_call (i32.const 2048) (i32.const ${request.length})))`
  const reachable = (asked: PluginHttpRequest[]) => ({
    http: async (sent: PluginHttpRequest) => {
      asked.push(sent)
      await new Promise((resolve) => setImmediate(resolve))
      return { status: 201, headers: { 'x-a': '1' }, body: Buffer.from('made') }
    },
  })

  it('host_http_call waits for the answer, whose body stands beside the JSON', async () => {
    const asked: PluginHttpRequest[] = []
    const body = `${data(2048, request)} ${entry(
      'on_request',
      `${call} (local.set $r (i32.wrap_i64 (call $host_http_response_body_len)))
      (drop (call $host_http_response_body_read (i32.const 3000) (i32.const 4))) ${readBack('host_http_read_result')}`,
    )}`
    const { callAsync } = rigFor({ body }, { services: reachable(asked) })
    const { code, output } = await callAsync('on_request')
    assert.equal(code, 4)
    assert.equal(output, '{"status":201,"headers":{"x-a":"1"},"body":null}')
    assert.deepEqual(asked, [
      {
        method: 'POST',
        url: 'https://a.example/x',
        headers: { a: 'b' },
        timeoutMs: 900,
        body: Buffer.from('hi'),
      },
    ])
  })

  it('host_http_request_body_set gives the body of the next call only', async () => {
    const asked: PluginHttpRequest[] = []
    const body = `${data(2048, request)} ${entry(
      'on_request',
      `(call $host_http_request_body_set (i32.const 2049) (i32.const 6)) ${call} ${call} (i32.const 0)`,
    )}`
    await rigFor({ body }, { services: reachable(asked) }).callAsync('on_request')
    assert.deepEqual(
      asked.map((sent) => sent.body?.toString()),
      ['"metho', 'hi'],
    )
  })

  it('two requests wait at the same time, each in an instance of its own', async () => {
    const waiting: (() => void)[] = []
    const http = ({ url }: PluginHttpRequest) =>
      new Promise<{ status: number; headers: {}; body: Buffer }>((resolve) => {
        waiting.push(() => resolve({ status: 200, headers: {}, body: Buffer.from(url) }))
      })
    const body = entry(
      'on_request',
      `(local.set $r (call $host_http_call (local.get $p) (local.get $n)))
      (local.set $r (call $host_http_response_body_read (i32.const 4096) (i32.const 100)))
      (call $host_set_output (i32.const 4096) (local.get $r)) (i32.const 0)`,
    )
    const { callAsync } = rigFor({ body }, { services: { http } })
    const both = ['https://a.example/', 'https://b.example/'].map((url) =>
      callAsync('on_request', JSON.stringify({ method: 'GET', url })),
    )
    waiting.reverse()
    for (const answer of waiting) answer()
    assert.deepEqual(
      (await Promise.all(both)).map(({ output }) => output),
      ['https://a.example/', 'https://b.example/'],
    )
  })

  it('a request that is none is answered with -1', async () => {
    const { callAsync } = rigFor({
      body: `${data(16, '{"method":1}')} ${entry('on_request', '(call $host_http_call (i32.const 16) (i32.const 12))')}`,
    })
    assert.equal((await callAsync('on_request')).code, -1)
  })

  it('init cannot call other services', () => {
    const init = entry('init', '(call $host_http_call (local.get $p) (local.get $n))')
    assert.throws(() => rigFor({ body: init }), new PluginFault('refused', 'it calls other services in init'))
  })

  it('a service that fails unexpectedly fails the call, not the process', async () => {
    const body = `${data(2048, request)} ${entry('on_request', `${call} (i32.const 0)`)}`
    await assert.rejects(rigFor({ body }).callAsync('on_request'), /nothing is reached/)
  })
})

describe('plugin interface §8 WASI', () => {
  it('random_get fills memory', () => {
    const { result } = run(
      '(drop (call $wasi_random_get (i32.const 64) (i32.const 4))) (i32.load (i32.const 64))',
    )
    assert.equal(result.code >>> 0, 0xa5a5_a5a5)
  })

  it('clock_time_get gives nanoseconds of the wall clock and of the process', () => {
    const read = (clock: number) =>
      run(
        `(drop (call $wasi_clock_time_get (i32.const ${clock}) (i64.const 1) (i32.const 64)))
        (i32.wrap_i64 (i64.div_u (i64.load (i32.const 64)) (i64.const 1000000000)))`,
      ).result.code
    assert.equal(read(0), 1_700_000_000)
    assert.equal(read(1), 4)
  })

  it('fd_write takes everything and writes nothing', () => {
    const { result } = run(
      `(i32.store (i32.const 64) (i32.const 100)) (i32.store (i32.const 68) (i32.const 7))
      (drop (call $wasi_fd_write (i32.const 1) (i32.const 64) (i32.const 1) (i32.const 80))) (i32.load (i32.const 80))`,
    )
    assert.equal(result.code, 7)
  })

  it('the environment is empty, yielding works, and leaving does not trap', () => {
    const { result } = run(
      `(i32.store (i32.const 64) (i32.const 9))
      (drop (call $wasi_environ_sizes_get (i32.const 64) (i32.const 68))) (drop (call $wasi_environ_get (i32.const 64) (i32.const 68)))
      (drop (call $wasi_sched_yield)) (call $wasi_proc_exit (i32.const 1)) (i32.load (i32.const 64))`,
    )
    assert.equal(result.code, 0)
  })
})
