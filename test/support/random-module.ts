import fc, { type Arbitrary } from 'fast-check'

type Type = 'i32' | 'i64' | 'f32' | 'f64' | 'v128'

const constants: Readonly<Record<Type, Arbitrary<string>>> = {
  i32: fc.integer().map((value) => `(i32.const ${value})`),
  i64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => `(i64.const ${value})`),
  f32: fc.integer({ min: -1000, max: 1000 }).map((value) => `(f32.const ${value / 8})`),
  f64: fc.integer({ min: -1000, max: 1000 }).map((value) => `(f64.const ${value / 8})`),
  v128: fc.integer().map((value) => `(v128.const i32x4 ${value} 1 2 3)`),
}

/** Addresses that mostly lie in memory, at the edges of blocks and pages, or beyond everything. */
const address = fc.oneof(
  { weight: 24, arbitrary: fc.integer({ min: 0, max: 65_535 }) },
  { weight: 6, arbitrary: fc.constantFrom(4095, 4093, 8191, 65_535, 65_529, 65_536, 131_071) },
  { weight: 1, arbitrary: fc.constantFrom(-1, -8, 0x7fff_ffff) },
)
const offset = fc.constantFrom(0, 0, 1, 5, 4095, 65_532)

const { expression } = fc.letrec<{ expression: string; i64: string; f64: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    constants.i32,
    fc.constantFrom(
      '(local.get $in)',
      '(local.get $acc)',
      '(global.get $g)',
      '(memory.size)',
      '(call $small)',
    ),
    fc.tuple(address, offset).map(([at, by]) => `(i32.load8_u offset=${by} (i32.const ${at}))`),
    fc
      .tuple(
        fc.constantFrom('add', 'sub', 'mul', 'xor', 'div_u', 'rem_s', 'shl', 'lt_s'),
        tie('expression'),
        tie('expression'),
      )
      .map(([operation, left, right]) => `(i32.${operation} ${left} ${right})`),
    tie('i64').map((value) => `(i32.wrap_i64 ${value})`),
    tie('f64').map((value) => `(i32.trunc_sat_f64_s ${value})`),
    tie('expression').map((value) => `(memory.grow (i32.and ${value} (i32.const 3)))`),
    fc
      .tuple(tie('expression'), tie('expression'), tie('expression'))
      .map(([test, yes, no]) => `(if (result i32) ${test} (then ${yes}) (else ${no}))`),
    tie('expression').map((value) => `(call_indirect (type $unary) ${value} (i32.const 1))`),
  ),
  i64: fc.oneof(
    { depthSize: 'small' },
    constants.i64,
    fc.tuple(address, offset).map(([at, by]) => `(i64.load offset=${by} (i32.const ${at}))`),
    tie('expression').map((value) => `(i64.extend_i32_s ${value})`),
  ),
  f64: fc.oneof(
    { depthSize: 'small' },
    constants.f64,
    tie('expression').map((value) => `(f64.convert_i32_s ${value})`),
  ),
}))

const stored: readonly (readonly [operation: string, type: Type])[] = [
  ['i32.store', 'i32'],
  ['i32.store8', 'i32'],
  ['i32.store16', 'i32'],
  ['i64.store', 'i64'],
  ['i64.store8', 'i64'],
  ['i64.store16', 'i64'],
  ['i64.store32', 'i64'],
  ['f32.store', 'f32'],
  ['f64.store', 'f64'],
  ['v128.store', 'v128'],
  ['v128.store32_lane', 'v128'],
]

const store = fc.tuple(fc.constantFrom(...stored), address, offset).chain(([[operation, type], at, by]) =>
  constants[type].map((value) => {
    const lane = operation.endsWith('_lane') ? ' 1' : ''
    return `(${operation} offset=${by}${lane} (i32.const ${at}) ${value})`
  }),
)

const length = fc.oneof(fc.integer({ min: 0, max: 9000 }), fc.constantFrom(0, 1, 4096, 65_536, -1))

const simple = fc.oneof(
  { weight: 4, arbitrary: store },
  { weight: 2, arbitrary: expression.map((value) => `(local.set $acc (i32.add (local.get $acc) ${value}))`) },
  { weight: 1, arbitrary: expression.map((value) => `(global.set $g ${value})`) },
  {
    weight: 1,
    arbitrary: expression.map(
      (value) => `(i32.store offset=64 (i32.and ${value} (i32.const 65535)) (local.get $acc))`,
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(address, length)
      .map(([at, count]) => `(memory.fill (i32.const ${at}) (i32.const 9) (i32.const ${count}))`),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(address, address, length)
      .map(([to, from, count]) => `(memory.copy (i32.const ${to}) (i32.const ${from}) (i32.const ${count}))`),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(address, fc.integer({ min: 0, max: 8 }))
      .map(([to, count]) => `(memory.init $text (i32.const ${to}) (i32.const 0) (i32.const ${count}))`),
  },
)

const looped = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.array(simple, { minLength: 1, maxLength: 4 })).map(
  ([turns, body]) => `(local.set $i (i32.const ${turns})) (loop $again ${body.join(' ')}
    (br_if $again (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))`,
)

const statement = fc.oneof({ weight: 5, arbitrary: simple }, { weight: 1, arbitrary: looped })

/** The text of a module that exports `run` (i32 → i32), whose loops all end, and `memory`. */
export function randomModule(maxPages: number): Arbitrary<string> {
  return fc.tuple(fc.array(statement, { minLength: 1, maxLength: 12 }), expression).map(
    ([body, result]) => `(module
      (type $unary (func (param i32) (result i32)))
      (memory (export "memory") 1 ${maxPages})
      (data $text "barbacane")
      (table 2 funcref) (elem (i32.const 0) $double $double)
      (global $g (mut i32) (i32.const 3))
      (func $small (result i32) (i32.const 17))
      (func $double (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
      (func (export "run") (param $in i32) (result i32) (local $acc i32) (local $i i32)
        ${body.join('\n        ')}
        (i32.xor (local.get $acc) ${result})))`,
  )
}
