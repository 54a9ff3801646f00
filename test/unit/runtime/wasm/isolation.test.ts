import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { CallState } from '../../../../src/runtime/wasm/call-state.ts'
import { PluginFault } from '../../../../src/runtime/wasm/plugin-fault.ts'
import { collectGarbage } from '../../../support/collect-garbage.ts'
import { rigFor } from '../../../support/plugin-host.ts'
import { entry } from '../../../support/wat-plugin.ts'

/**
 * A plugin that can do anything with its state: `on_request` is told by JSON-free bytes what to do, one operation of
 * 12 bytes after the other; `dispatch` sums up everything that it can see.
 */
const OPERATOR = `
  (global $i (mut i32) (i32.const 11)) (global $f (mut f64) (f64.const 0.5)) (global $l (mut i64) (i64.const -7))
  (data (i32.const 70000) "initial text")
  (func $value (param $p i32) (result i32) (i32.load offset=8 (local.get $p)))
  (func $address (param $p i32) (result i32)
    (i32.rem_u (i32.load offset=4 (local.get $p)) (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 9000))))
  (func $operate (param $p i32) (local $code i32)
    (local.set $code (i32.rem_u (i32.load (local.get $p)) (i32.const 8)))
    (if (i32.eqz (local.get $code)) (then (i32.store (call $address (local.get $p)) (call $value (local.get $p)))))
    (if (i32.eq (local.get $code) (i32.const 1)) (then (i64.store (call $address (local.get $p)) (i64.extend_i32_s (call $value (local.get $p))))))
    (if (i32.eq (local.get $code) (i32.const 2)) (then (global.set $i (call $value (local.get $p)))))
    (if (i32.eq (local.get $code) (i32.const 3)) (then (global.set $f (f64.convert_i32_s (call $value (local.get $p)))) (global.set $l (i64.extend_i32_s (call $value (local.get $p))))))
    (if (i32.eq (local.get $code) (i32.const 4)) (then (drop (memory.grow (i32.and (call $value (local.get $p)) (i32.const 1))))))
    (if (i32.eq (local.get $code) (i32.const 5)) (then (memory.fill (call $address (local.get $p)) (i32.const 9) (i32.and (call $value (local.get $p)) (i32.const 8191)))))
    (if (i32.eq (local.get $code) (i32.const 6)) (then (memory.copy (call $address (local.get $p)) (i32.const 69990) (i32.and (call $value (local.get $p)) (i32.const 8191)))))
    (if (i32.eq (local.get $code) (i32.const 7)) (then (drop (call $wasi_random_get (call $address (local.get $p)) (i32.and (call $value (local.get $p)) (i32.const 255)))))))
  ${entry(
    'on_request',
    `(block $done (loop $next
      (br_if $done (i32.lt_s (local.get $n) (i32.const 12)))
      (call $operate (local.get $p))
      (local.set $p (i32.add (local.get $p) (i32.const 12)))
      (local.set $n (i32.sub (local.get $n) (i32.const 12)))
      (br $next))) (i32.const 0)`,
  )}
  ${entry(
    'dispatch',
    `(call $host_set_output (i32.const 0) (i32.mul (memory.size) (i32.const 65536)))
    (i32.add (global.get $i) (i32.add (i32.trunc_f64_s (global.get $f)) (i32.wrap_i64 (global.get $l))))`,
  )}
  ${entry('init', '(i32.store (i32.const 60000) (local.get $n)) (i32.const 0)')}`

// Letters only: the text of an input is UTF-8, so that every byte of it is below 128.
const program = fc
  .array(fc.tuple(fc.nat(127), fc.stringMatching(/^[ -~]{8}$/)), { minLength: 1, maxLength: 10 })
  .map((operations) => operations.map(([code, rest]) => `${String.fromCharCode(code)}\0\0\0${rest}`).join(''))

describe('plugin interface §3 Calls: requests of one plugin', () => {
  it('see nothing of each other, whatever the plugin does with its state', () => {
    const { pool, call } = rigFor({ body: OPERATOR }, { configJson: '{"a":true}' })
    const untouched = call('dispatch')
    fc.assert(
      fc.property(program, (input) => {
        call('on_request', input)
        const seen = call('dispatch')
        assert.equal(seen.code, untouched.code)
        assert.ok(seen.state.output?.equals(untouched.state.output ?? Buffer.alloc(0)), 'memory shows')
      }),
      { numRuns: 300 },
    )
    assert.ok(pool)
  })

  it('keep their own state until their response, on whatever instance that is', () => {
    const { pool } = rigFor({ body: OPERATOR })
    const sum = (instance: ReturnType<typeof pool.lease>) => {
      const state = new CallState(new Map(), null)
      const code = instance.call('dispatch', '{}', state)
      return `${Number(code)} ${state.output?.toString('base64')}`
    }
    fc.assert(
      fc.property(program, program, (mine, other) => {
        const first = pool.lease()
        first.call('on_request', mine, new CallState(new Map(), null))
        const changes = first.changes()
        const expected = sum(first)
        pool.release(first)
        const second = pool.lease()
        second.call('on_request', other, new CallState(new Map(), null))
        pool.release(second)
        const third = pool.lease()
        third.apply(changes)
        assert.equal(sum(third), expected)
        pool.release(third)
      }),
      { numRuns: 150 },
    )
  })

  it('get instances that are made later with what init left', () => {
    const { pool } = rigFor({ body: OPERATOR }, { configJson: '{"b":1}' })
    const instances = [pool.lease(), pool.lease(), pool.lease()]
    const seen = instances.map((instance) => {
      const state = new CallState(new Map(), null)
      const code = instance.call('dispatch', '{}', state)
      assert.equal(state.output?.readUInt32LE(60_000), 7)
      return `${Number(code)} ${state.output?.toString('base64')}`
    })
    assert.equal(new Set(seen).size, 1)
  })

  it('get an instance each, made for them, where a plugin asks for it', () => {
    const counter = `(global $count (mut i32) (i32.const 0))
      ${entry('init', '(global.set $count (i32.add (global.get $count) (i32.const 1))) (i32.const 0)')}
      ${entry('on_request', '(global.get $count)')}`
    const { pool, call } = rigFor({ body: counter }, { fresh: true })
    assert.equal(call('on_request').code, 1)
    const one = pool.lease()
    pool.release(one)
    assert.notEqual(pool.lease(), one)
    const reused = rigFor({ body: counter }).pool
    const first = reused.lease()
    reused.release(first)
    assert.equal(reused.lease(), first)
  })

  it('get an instance each where a plugin has state that cannot be put back', () => {
    const body = `(table $t 4 funcref) (func $f) (elem declare func $f)
      ${entry(
        'on_request',
        '(local.set $r (ref.is_null (table.get $t (i32.const 0)))) (table.set $t (i32.const 0) (ref.func $f)) (local.get $r)',
      )}`
    const { call } = rigFor({ body })
    assert.equal(call('on_request').code, 1)
    assert.equal(call('on_request').code, 1)
  })

  it('leave nothing behind in 50,000 calls, failed ones among them', async () => {
    const body = entry(
      'on_request',
      `(if (i32.eq (local.get $n) (i32.const 1)) (then (unreachable)))
      (drop (memory.grow (i32.const 1)))
      (i32.store (i32.const 131072) (i32.const 1))
      (call $host_set_output (local.get $p) (local.get $n))
      (call $host_body_set (local.get $p) (local.get $n)) (i32.const 0)`,
    )
    const { call, pool } = rigFor({ body })
    const input = JSON.stringify({ text: 'x'.repeat(500) })
    const rounds = (count: number) => {
      for (let index = 0; index < count; index += 1) {
        if (index % 100 === 99) assert.throws(() => call('on_request', '1'), PluginFault)
        else assert.equal(call('on_request', input).output, input)
      }
    }
    rounds(5000)
    await collectGarbage()
    const before = process.memoryUsage()
    rounds(50_000)
    await collectGarbage()
    const after = process.memoryUsage()
    assert.ok(pool.instanceCount <= 1)
    const grownBytes = after.arrayBuffers + after.external - before.arrayBuffers - before.external
    // The 500 instances that failed had three pages each, 96 MB.
    assert.ok(grownBytes < 4 * 1024 * 1024, `${grownBytes} bytes more`)
  })
})
