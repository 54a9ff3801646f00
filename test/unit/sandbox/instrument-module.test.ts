import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { addedExports, instrumentModule, ModuleRefusal } from '../../../src/sandbox/index.ts'
import { assemble } from '../../support/wat.ts'
import { instantiate } from '../../support/wasm-instance.ts'

const limits = { maxPages: 4, startFuel: 1000 }

describe('instrumentModule', () => {
  it('stops an endless loop when the fuel is used up', () => {
    const { call, fuel } = confined('(func (export "run") (result i32) (loop $l (br $l)) (unreachable))')
    fuel.value = 100_000
    assert.throws(() => call('run'), /unreachable/)
    assert.ok(fuel.value < 0)
  })

  it('stops endless recursion by fuel or by the stack, never by a crash', () => {
    const { call, fuel } = confined('(func $f (export "run") (call $f))')
    fuel.value = 1000
    assert.throws(() => call('run'), /unreachable/)
    fuel.value = 0x7fff_ffff
    assert.throws(() => call('run'), RangeError)
  })

  it('charges a loop for every turn and a straight function once', () => {
    const { call, fuel } = confined(`
      (func (export "once") (result i32) (i32.add (i32.const 1) (i32.const 2)))
      (func (export "turns") (param $n i32)
        (loop $l (local.set $n (i32.sub (local.get $n) (i32.const 1))) (br_if $l (local.get $n))))`)
    const cost = (name: string, ...values: number[]) => {
      fuel.value = 1_000_000
      call(name, ...values)
      return 1_000_000 - fuel.value
    }
    const turn = cost('turns', 2) - cost('turns', 1)
    assert.ok(turn >= 6, `a turn costs ${turn}`)
    assert.equal(cost('turns', 1001) - cost('turns', 1), turn * 1000)
    assert.ok(cost('once') >= 3 && cost('once') < 10)
  })

  it('charges filling and copying by length', () => {
    const { call, fuel } = confined(
      '(func (export "fill") (param $n i32) (memory.fill (i32.const 0) (i32.const 7) (local.get $n)))',
    )
    fuel.value = 1_000_000
    call('fill', 65_536)
    assert.ok(1_000_000 - fuel.value >= 4096)
    fuel.value = 100
    assert.throws(() => call('fill', 65_536), /unreachable/)
  })

  it('charges a length above 2^31 instead of giving fuel for it', () => {
    const { call, fuel } = confined(
      '(func (export "fill") (param $n i32) (memory.fill (i32.const 0) (i32.const 7) (local.get $n)))',
    )
    fuel.value = 1_000_000
    assert.throws(() => call('fill', -1))
    assert.ok(fuel.value < 1_000_000)
  })

  it('lets memory grow to its limit and answers -1 beyond it', () => {
    const { call } = confined(`
      (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
      (func (export "size") (result i32) (memory.size))`)
    assert.equal(call('size'), 1)
    assert.equal(call('grow', 2), 1)
    assert.equal(call('size'), 3)
    assert.equal(call('grow', 2), -1)
    assert.equal(call('grow', -1), -1)
    assert.equal(call('grow', 1), 3)
    assert.equal(call('size'), 4)
  })

  it('shows an instance that is used again the size that it began with', () => {
    const { call, exports } = confined(`
      (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
      (func (export "size") (result i32) (memory.size))`)
    call('grow', 2)
    const pages = exports[addedExports.pages] as { value: number }
    pages.value = 1
    assert.equal(call('size'), 1)
    assert.equal(call('grow', 1), 1)
    assert.equal(call('grow', 2), 2)
    assert.equal(call('grow', 1), -1)
  })

  it('keeps a limit of the module that is lower', () => {
    const { call } = confined('(func (export "grow") (result i32) (memory.grow (i32.const 2)))', {
      memory: '(memory (export "memory") 1 2)',
    })
    assert.equal(call('grow'), -1)
  })

  it('marks the blocks that are written and no others', () => {
    const { call, dirtyBlocks } = confined(`
      (func (export "store") (param i32) (i32.store8 offset=4096 (local.get 0) (i32.const 1)))
      (func (export "wide") (param i32) (v128.store (local.get 0) (v128.const i64x2 1 2)))
      (func (export "copy") (param i32 i32) (memory.copy (local.get 0) (i32.const 0) (local.get 1)))`)
    call('store', 0)
    assert.ok(dirtyBlocks().includes(1))
    assert.ok(dirtyBlocks().every((block) => block === 1 || block === 2))
    call('wide', 8 * 4096 - 8)
    assert.ok(dirtyBlocks().includes(7) && dirtyBlocks().includes(8))
    call('copy', 10 * 4096 + 5, 2 * 4096)
    assert.ok([10, 11, 12].every((block) => dirtyBlocks().includes(block)))
    assert.ok(!dirtyBlocks().includes(14))
  })

  it('exports the mutable globals under names of its own', () => {
    const { exports, globals } = confined(
      '(global $g (mut i64) (i64.const 5)) (func (export "set") (global.set $g (i64.const 9)))',
    )
    assert.equal(globals.length, 1)
    ;(exports['set'] as () => void)()
    assert.equal((exports[globals[0]?.name ?? ''] as { value: bigint }).value, 9n)
  })

  it('says of a module whose tables change that it cannot be put back', () => {
    const table = '(table $t 2 funcref) (func $f)'
    const changing = `${table} (elem declare func $f) (func (export "run") (table.set $t (i32.const 0) (ref.func $f)))`
    assert.equal(confined(changing).isReusable, false)
    assert.equal(confined(table).isReusable, true)
    const dropping = '(data $d "abc") (func (export "run") (data.drop $d))'
    assert.equal(confined(dropping).isReusable, false)
  })

  it('bounds a table', () => {
    assert.throws(
      () => confined('(table 20000 funcref)'),
      refusal(/its table begins with 20000 entries, and 10000 are allowed/),
    )
    const { call } = confined(
      '(table $t 1 funcref) (func (export "grow") (result i32) (table.grow $t (ref.null func) (i32.const 10000)))',
    )
    assert.equal(call('grow'), -1)
  })

  const refused: readonly (readonly [what: string, body: string, reason: RegExp, memory?: string])[] = [
    ['no memory', '', /not have exactly one memory/, ''],
    ['two memories', '(memory 1)', /not have exactly one memory/],
    ['a memory above the limit', '', /begins with 9 pages, and 4 are allowed/, '(memory 9)'],
    ['a shared memory', '', /shared/, '(memory 1 2 shared)'],
    ['a memory of 64-bit addresses', '', /64-bit/, '(memory i64 1)'],
    [
      'an imported memory',
      '',
      /imports env\.memory, which is not a function/,
      '(import "env" "memory" (memory 1))',
    ],
    [
      'an imported global',
      '',
      /imports env\.g, which is not a function/,
      '(import "env" "g" (global i32)) (memory 1)',
    ],
    ['threads', '(func (drop (i32.atomic.load (i32.const 0))))', /instruction 0xfe/],
    ['exceptions', '(tag $e) (func (throw $e))', /exceptions/],
    [
      'structs',
      '(type $s (struct (field i32))) (func (drop (struct.new $s (i32.const 1))))',
      /types that are not|instruction|type/,
    ],
    [
      'a reserved export',
      '(func (export "barbacane:fuel"))',
      /exports barbacane:fuel, a name that is reserved/,
    ],
  ]
  for (const [what, body, reason, memory] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => confined(body, memory === undefined ? {} : { memory }), refusal(reason))
    })
  }

  it('refuses what is no module, and a module that is cut off anywhere', () => {
    const whole =
      assemble(`(module (memory (export "memory") 1) (table 1 funcref) (global (mut i32) (i32.const 7))
      (func (export "run") (param i32) (result i32) (i32.store (local.get 0) (i32.const 5)) (i32.load (i32.const 0))))`)
    assert.throws(() => instrumentModule(Buffer.from('hello'), limits), refusal(/no core module/))
    let refusals = 0
    for (let end = 0; end < whole.byteLength; end += 1) {
      try {
        instrumentModule(whole.subarray(0, end), limits)
      } catch (error) {
        assert.ok(error instanceof ModuleRefusal, `cut at ${end}: ${String(error)}`)
        refusals += 1
      }
    }
    assert.ok(refusals > whole.byteLength / 2)
  })

  function confined(body: string, { memory = '(memory (export "memory") 1)' } = {}) {
    const instrumented = instrumentModule(assemble(`(module ${memory} ${body})`), limits)
    const exports = instantiate(instrumented.bytes)
    const dirty = () => new Uint8Array((exports[addedExports.dirty] as { buffer: ArrayBuffer }).buffer)
    return {
      exports,
      globals: instrumented.globals,
      isReusable: instrumented.isReusable,
      call: (name: string, ...values: number[]) =>
        (exports[name] as (...values: number[]) => unknown)(...values),
      fuel: exports[addedExports.fuel] as { value: number },
      dirtyBlocks: () => [...dirty().entries()].filter(([, mark]) => mark !== 0).map(([block]) => block),
    }
  }

  function refusal(reason: RegExp) {
    return (error: unknown) => error instanceof ModuleRefusal && reason.test(error.message)
  }
})
