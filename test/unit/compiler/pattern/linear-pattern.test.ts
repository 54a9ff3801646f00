import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'
import { RE2JS } from 're2js'

import { linearPattern } from '../../../../src/compiler/pattern/index.ts'

function linear(source: string): RE2JS {
  return RE2JS.compile(linearPattern(source) ?? assert.fail(`${source} has no linear form`))
}

const atoms = fc.constantFrom(
  'a',
  'b',
  '.',
  '^',
  '$',
  '[ab]',
  '[^a]',
  '[]',
  '[^]',
  String.raw`\s`,
  String.raw`\w`,
  String.raw`\D`,
  String.raw`\b`,
  String.raw`\B`,
  String.raw`\u0061`,
  String.raw`\n`,
  String.raw`\.`,
  '[a-c-]',
)
const { pattern: patterns } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
    atoms,
    fc.tuple(tie('pattern'), tie('pattern')).map((parts) => parts.join('')),
    fc.tuple(tie('pattern'), tie('pattern')).map((options) => `(?:${options.join('|')})`),
    fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,2}', '{1,}', '*?'))
      .map(([part, repeat]) => `(?:${part})${repeat}`),
  ),
}))
const texts = fc.string({
  unit: fc.constantFrom('a', 'b', 'c', '-', '.', ' ', '\n', '\r', '\u00a0', '\u2028', '1', 'é', '😀'),
  maxLength: 6,
})

/** Tried at each character: by itself V8 finds `\B` between the halves of one, too, where ECMA-262 does not look. */
function matchesSomewhere(sticky: RegExp, text: string): boolean {
  let at = 0
  return [...Array.from(text), ''].some((character) => {
    sticky.lastIndex = at
    at += character.length
    return sticky.test(text)
  })
}

describe('a pattern in the syntax of RE2', () => {
  it('matches what it matches by ECMA-262', () => {
    fc.assert(
      fc.property(patterns, fc.array(texts, { minLength: 5, maxLength: 5 }), (source, all) => {
        const own = new RegExp(source, 'uy')
        const other = linear(source)
        for (const text of all) {
          assert.equal(other.test(text), matchesSomewhere(own, text), JSON.stringify([source, text]))
        }
      }),
      { numRuns: 500 },
    )
  })

  it('is matched in time that grows with the text', () => {
    const text = `${'a'.repeat(50_000)}!`
    for (const source of ['^(a+)+$', '^(a|ab?)*$', '(a*)*b', '^a*a*a*b$']) {
      assert.equal(linear(source).test(text), false, source)
    }
    assert.equal(linear('^(a+)+!$').test(text), true)
  })

  it('is not to be had of what RE2 has not', () => {
    for (const source of [
      '(?=a)',
      '(?<!a)b',
      String.raw`(a)\1`,
      String.raw`\p{L}`,
      String.raw`[\P{L}a]`,
      'a{1001}',
      'a{2,2000}',
    ]) {
      assert.equal(linearPattern(source), undefined, source)
    }
  })
})
