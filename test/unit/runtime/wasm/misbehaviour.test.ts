import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { PluginFault, type PluginFaultKind } from '../../../../src/runtime/wasm/plugin-fault.ts'
import type { EntryPoint } from '../../../../src/runtime/wasm/plugin-instance.ts'
import { rigFor, type RigOptions } from '../../../support/plugin-host.ts'
import { data, entry } from '../../../support/wat-plugin.ts'

const GOOD = '(i32.const 0)'

/** A plugin that does this in `on_request`, and nothing bad in `dispatch`. */
function bad(instructions: string, more = '', options: RigOptions = {}) {
  return rigFor({ body: `${more} ${entry('on_request', instructions)} ${entry('dispatch', GOOD)}` }, options)
}

/** The next call works, whatever became of the one before. */
function fails({ call }: ReturnType<typeof bad>, kind: PluginFaultKind, message: RegExp): void {
  assert.throws(
    () => call('on_request'),
    (error) => error instanceof PluginFault && error.kind === kind && message.test(error.message),
  )
  assert.equal(call('dispatch').code, 0)
}

describe('plugin interface §10 Limits: a plugin that misbehaves', () => {
  it('is stopped in an endless loop', () => {
    fails(bad('(loop $l (br $l)) (i32.const 0)'), 'out-of-fuel', /used up what one call may cost/)
  })

  it('is stopped in an endless loop of init', () => {
    assert.throws(() => rigFor({ body: entry('init', '(loop $l (br $l)) (i32.const 0)') }), /used up/)
  })

  it('is stopped in an endless loop of alloc', () => {
    const body = `(func (export "alloc") (param i32) (result i32) (loop $l (br $l)) (i32.const 0)) ${entry('on_request', GOOD)}`
    const { call } = rigFor({ body, hasAlloc: false })
    assert.throws(() => call('on_request'), /used up/)
  })

  it('is stopped in a loop of host calls, and of host calls that move much', () => {
    const small = '(loop $l (drop (call $host_body_len)) (br $l)) (i32.const 0)'
    fails(bad(small), 'out-of-fuel', /./)
    const large = '(loop $l (call $host_body_set (i32.const 0) (i32.const 131072)) (br $l)) (i32.const 0)'
    fails(bad(large), 'out-of-fuel', /calls host functions without end/)
  })

  it('is stopped in a loop of fills', () => {
    const fill =
      '(loop $l (memory.fill (i32.const 0) (i32.const 1) (i32.const 131072)) (br $l)) (i32.const 0)'
    fails(bad(fill), 'out-of-fuel', /./)
  })

  it('is stopped in endless recursion', () => {
    const rig = bad('(call $again)', '(func $again (result i32) (i32.add (call $again) (call $again)))')
    fails(rig, 'stack', /stack/i)
  })

  it('gets no more memory than it may have', () => {
    const grow = '(loop $l (br_if $l (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) (memory.size)'
    const { code } = bad(grow, '', { limits: { maxMemoryBytes: 4 * 1024 * 1024 } }).call('on_request')
    assert.ok(code > 40 && code <= 64, `it has ${code} pages`)
  })

  it('cannot give the gateway pointers beyond its memory', () => {
    const calls = [
      '(call $host_set_output (i32.const 131072) (i32.const 1))',
      '(call $host_set_output (i32.const -1) (i32.const 2))',
      '(call $host_set_output (i32.const 0) (i32.const -1))',
      '(call $host_log (i32.const 1) (i32.const 131070) (i32.const 3))',
      '(drop (call $host_uuid_generate)) (drop (call $host_uuid_read_result (i32.const 131060) (i32.const 36)))',
      '(drop (call $wasi_clock_time_get (i32.const 0) (i64.const 0) (i32.const 131065)))',
      '(drop (call $wasi_random_get (i32.const 131070) (i32.const 16)))',
      '(drop (call $wasi_fd_write (i32.const 1) (i32.const 131000) (i32.const 100) (i32.const 0)))',
    ]
    for (const call of calls) fails(bad(`${call} (i32.const 0)`), 'memory', /beyond its memory of 2 pages/)
  })

  it('cannot reach memory that an earlier request grew', () => {
    const body = `${entry('on_request', '(memory.grow (i32.const 4))')}
      ${entry('dispatch', '(call $host_set_output (i32.const 200000) (i32.const 4)) (i32.const 0)')}`
    const { call } = rigFor({ body })
    assert.equal(call('on_request').code, 2)
    assert.throws(() => call('dispatch'), /beyond its memory of 2 pages/)
  })

  it('cannot lie about where alloc has room', () => {
    for (const place of ['131072', '-4', '131071']) {
      const body = `(func (export "alloc") (param i32) (result i32) (i32.const ${place})) ${entry('on_request', GOOD)}`
      const { call } = rigFor({ body, hasAlloc: false })
      assert.throws(() => call('on_request'), /beyond its memory/)
    }
  })

  it('reads no more of a result than there is, whatever its buffer claims', () => {
    const instructions = `(drop (call $host_uuid_generate)) (call $host_uuid_read_result (i32.const 4096) (i32.const -1))`
    assert.equal(bad(instructions).call('on_request').code, 36)
  })

  it('traps for its own request only, in every function', () => {
    for (const name of ['on_request', 'on_response', 'dispatch'] as const satisfies EntryPoint[]) {
      const other = name === 'dispatch' ? 'on_request' : 'dispatch'
      const { call } = rigFor({ body: `${entry(name, '(unreachable)')} ${entry(other, GOOD)}` })
      assert.throws(() => call(name), new PluginFault('trap', 'unreachable'))
      assert.equal(call(other).code, 0)
    }
    assert.throws(
      () => rigFor({ body: entry('init', '(unreachable)') }),
      new PluginFault('trap', 'unreachable'),
    )
    const start = `(func $start (unreachable)) (start $start) ${entry('on_request', GOOD)}`
    assert.throws(() => rigFor({ body: start }), new PluginFault('trap', 'unreachable'))
  })

  it('is told that a count of WASI is not valid instead of being believed', () => {
    const calls = [
      '(call $wasi_fd_write (i32.const 1) (i32.const 0) (i32.const 536870912) (i32.const 0))',
      '(call $wasi_random_get (i32.const 0) (i32.const -1))',
    ]
    for (const call of calls) assert.equal(bad(call).call('on_request').code, 28)
  })

  it('is stopped in an endless start function', () => {
    const body = `(func $start (loop $l (br $l))) (start $start) ${entry('on_request', GOOD)}`
    assert.throws(() => rigFor({ body }), PluginFault)
  })

  it('fails where it divides by zero, reads beyond memory or calls a function of another type', () => {
    fails(bad('(i32.div_u (i32.const 1) (i32.const 0))'), 'trap', /divide by zero/)
    fails(bad('(i32.load (i32.const 131072))'), 'trap', /out of bounds/)
    const table = '(table 1 funcref) (type $other (func (param i64))) (func $f) (elem (i32.const 0) $f)'
    const call = '(call_indirect (type $other) (i64.const 1) (i32.const 0)) (i32.const 0)'
    fails(bad(call, table), 'trap', /signature mismatch/)
  })

  it('cannot fill the context, and is not read beyond its limits', () => {
    const set = `(local.set $r (i32.const 1000)) (loop $l
      (i32.store (i32.const 4096) (local.get $r))
      (call $host_context_set (i32.const 4096) (i32.const 4) (i32.const 16) (i32.const 2))
      (br_if $l (local.tee $r (i32.sub (local.get $r) (i32.const 1))))) (i32.const 0)`
    assert.ok(bad(set, data(16, 'xx')).call('on_request').state.context.size <= 256)
    const large =
      '(call $host_context_set (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 100000)) (i32.const 0)'
    assert.equal(bad(large).call('on_request').state.context.size, 0)
  })

  it('cannot hold more instances than are allowed', () => {
    const { pool } = bad(GOOD, '', { limits: { maxInstances: 2 } })
    const first = pool.lease()
    pool.lease()
    assert.throws(() => pool.lease(), new PluginFault('refused', 'all of its 2 instances wait for answers'))
    pool.release(first)
    pool.lease()
  })
})
