import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { confinePlugin, ModuleRefusal } from '../../../src/sandbox/index.ts'
import { assemble } from '../../support/wat.ts'

const handler = '(func (export "on_request") (param i32 i32) (result i32) (i32.const 0))'

describe('plugin interface §1 Module: confinePlugin', () => {
  it('takes a module that fits the interface', () => {
    const { functions, exports, isReusable } = confine(`
      (import "barbacane" "host_log" (func (param i32 i32 i32)))
      (import "wasi_snapshot_preview1" "clock_time_get" (func (param i32 i64 i32) (result i32)))
      (memory (export "memory") 1) ${handler}`)
    assert.deepEqual(
      functions.imported.map(({ name }) => name),
      ['host_log', 'clock_time_get'],
    )
    assert.deepEqual(
      exports.map(({ name }) => name),
      ['memory', 'on_request'],
    )
    assert.ok(isReusable)
  })

  const refused: readonly (readonly [what: string, body: string, reason: string])[] = [
    [
      'functions of other modules',
      `(import "env" "abort" (func)) (memory (export "memory") 1) ${handler}`,
      'it imports env.abort, which no gateway offers',
    ],
    [
      'host functions that are not known',
      `(import "barbacane" "toString" (func)) (memory (export "memory") 1) ${handler}`,
      'it imports barbacane.toString, which no gateway offers',
    ],
    [
      'host functions as something else',
      `(import "barbacane" "host_body_len" (func (result i32))) (memory (export "memory") 1) ${handler}`,
      'it imports barbacane.host_body_len as () → i32, and it is () → i64',
    ],
    ['a memory that is not exported', `(memory 1) ${handler}`, 'it does not export its memory as `memory`'],
    [
      'a function that is exported as `memory`',
      '(memory 1) (func (export "memory"))',
      'it does not export its memory as `memory`',
    ],
    [
      'an entry point of another signature',
      '(memory (export "memory") 1) (func (export "dispatch") (param i32) (result i64) (i64.const 0))',
      'it exports dispatch as (i32) → i64, and it has to be (i32, i32) → i32',
    ],
    [
      'an entry point that is no function',
      '(memory (export "memory") 1) (global (export "init") i32 (i32.const 0))',
      'it exports init as what is no function, and it has to be (i32, i32) → i32',
    ],
  ]
  for (const [what, body, reason] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => confine(body), new ModuleRefusal(reason))
    })
  }

  it('refuses a module that would be valid only with the parts that are added', () => {
    const bytes = Buffer.from(
      assemble(`(module (memory (export "memory") 1) (global $g (mut i32) (i32.const 0))
        (func (export "alloc") (param i32) (result i32) (global.set $g (i32.const 1)) (i32.const 7)))`),
    )
    const at = bytes.lastIndexOf(Buffer.from([0x24, 0x00]))
    assert.ok(at > 0)
    // The global behind the only one will be the fuel.
    bytes[at + 1] = 1
    assert.throws(
      () => confinePlugin(bytes, { maxPages: 4, startFuel: 0 }),
      new ModuleRefusal('it is not valid'),
    )
  })

  function confine(body: string) {
    return confinePlugin(assemble(`(module ${body})`), { maxPages: 4, startFuel: 0 })
  }
})
