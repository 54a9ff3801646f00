import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { evaluateByOracle, evaluateByProject } from '../../support/cel-oracle.ts'

const literal = fc.oneof(
  fc.constantFrom('0', '1', '-7', '9223372036854775807', '-9223372036854775808', '9007199254740993'),
  fc.constantFrom('0u', '3u', '18446744073709551615u', '0.5', '-2.0', '1e300', 'true', 'false', 'null'),
  fc.constantFrom(
    "''",
    "'a'",
    "'B©😀'",
    "b'ab'",
    '[]',
    '[1, 2.0, "x"]',
    "{'a': 1, 2: [true]}",
    "{1: 'a', 2u: 'b'}",
  ),
  fc.constantFrom(
    'n',
    'list',
    'map',
    "duration('90s')",
    "timestamp('2024-02-29T12:00:00Z')",
    'int',
    'type(1)',
  ),
)

const operators = ['+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>=', '&&', '||', 'in']

const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const one = tie('expression')
  const many = (...parts: readonly (string | fc.Arbitrary<string>)[]) =>
    fc
      .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
      .map((texts) => texts.join(''))
  return {
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      literal,
      many('(', one, ' ', fc.constantFrom(...operators), ' ', one, ')'),
      many(fc.constantFrom('!', '-'), '(', one, ')'),
      many('(', one, ' ? ', one, ' : ', one, ')'),
      many('(', one, ')[', one, ']'),
      many('[', one, ', ', one, ']'),
      many("{'k': ", one, ', ', one, ': ', one, '}'),
      many(
        fc.constantFrom('size', 'int', 'uint', 'double', 'string', 'type', 'dyn', 'bytes', 'bool'),
        '(',
        one,
        ')',
      ),
      many('(', one, ').', fc.constantFrom('startsWith', 'endsWith', 'contains', 'matches'), '(', one, ')'),
      many(
        '(',
        one,
        ').',
        fc.constantFrom('all', 'exists', 'exists_one', 'filter', 'map'),
        '(x, ',
        one,
        ' == x)',
      ),
      many('(', one, ').map(x, x == ', one, ', [x])'),
      many('(', one, ').a'),
    ),
  }
})

const ours = { n: 5, list: [1, 2, 3], map: { a: 1, b: 'two', c: [null] } }
const theirs = {
  n: 5n,
  list: [1n, 2n, 3n],
  map: new Map<string, bigint | string | null[]>([
    ['a', 1n],
    ['b', 'two'],
    ['c', [null]],
  ]),
}

/** @bufbuild/cel drops two signs in a row through brackets, so that `!(!(0))` has a value there. */
const DOUBLE_SIGN = /!\(!|-\(-/

describe('generated expressions', () => {
  it('have the value that @bufbuild/cel gives them, where they have one', () => {
    let valued = 0
    fc.assert(
      fc.property(expression, (source) => {
        fc.pre(!DOUBLE_SIGN.test(source))
        const outcome = evaluateByProject(source, ours)
        // It is lenient where the specification wants an error: `{0.5: 1}`, `[1][true]`, `double('')`.
        if (outcome === 'error') return
        valued += 1
        assert.equal(outcome, evaluateByOracle(source, theirs), source)
      }),
      { numRuns: 3000 },
    )
    assert.ok(valued > 150, `only ${valued} had a value`)
  })
})
