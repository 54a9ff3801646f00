import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { backtrackingOf, isHarmless } from '../../../../src/compiler/pattern/index.ts'
import { countMatchSteps, MAX_STEPS } from '../../../support/count-match-steps.ts'

/** A pattern, what is repeated in an attack, and what stands around it. */
type Attack = readonly [pattern: string, pump: string, suffix: string, prefix?: string]

const exponential: readonly Attack[] = [
  [String.raw`^(a+)+$`, 'a', '!'],
  [String.raw`^(a*)*$`, 'a', '!'],
  [String.raw`^(a|a)*$`, 'a', '!'],
  [String.raw`^(a|aa)+$`, 'a', '!'],
  [String.raw`^([a-zA-Z]+)*$`, 'a', '1'],
  [String.raw`^(.*a){20}$`, 'a', '!'],
  [String.raw`^(\w+\s?)*$`, 'a', '!'],
  [String.raw`^(a?b?)*$`, 'ab', '!'],
  [String.raw`^(([a-z])+.)+[A-Z]([a-z])+$`, 'a', '!'],
  [String.raw`^(\d+|\w+)*x`, '1', '!'],
  [String.raw`^((x*|y*)b)*$`, 'b', '!'],
  [String.raw`^(a{1,30}){1,30}$`, 'a', '!'],
  [String.raw`(?=(a+)+$)`, 'a', '!'],
  [String.raw`^(?<local>[\w.]+)+@`, 'a', '!'],
  [String.raw`^(\u0061|[\x61-\x62])*$`, 'a', '!'],
  // Of a well-known check of e-mail addresses.
  [String.raw`^([a-z0-9])(([\-.]|[_]+)?([a-z0-9]+))*(@){1}[a-z0-9]+$`, 'a', '!'],
]

const polynomial: readonly Attack[] = [
  [String.raw`^\w+\d+$`, '1', '!'],
  [String.raw`\s+$`, ' ', '!'],
  [String.raw`^[^@]+@[^@]+\.[^@]+$`, '.', '@', 'a@a'],
  [String.raw`^a*a*$`, 'a', '!'],
  [String.raw`foo.*bar`, 'foo', '!'],
  [String.raw`^(.*),(.*),(.*)$`, ',', '\n'],
  [String.raw`^\s*(.*?)\s*$`, ' ', '\n!\n!'],
  [String.raw`^a+b?a+$`, 'a', '!'],
]

/** Patterns of real descriptions and what they resemble, with what they are tried with. */
const harmless: readonly Attack[] = [
  [String.raw`^[a-z]+$`, 'a', '!'],
  [String.raw`^[a-z]+(-[a-z]+)*$`, 'a-', '!', 'a'],
  [String.raw`^\d{4}-\d{2}-\d{2}$`, '1', '!'],
  [String.raw`^[A-Z]{3}\d{1,10}$`, '1', '!', 'ABC'],
  [String.raw`^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$`, 'a.', '!'],
  [String.raw`^https?://`, 'http', '!'],
  [String.raw`^(a+)+`, 'a', '!'],
  [String.raw`(a|b)*c?`, 'ab', '!'],
  [String.raw`^(?=.*[A-Z])(?=.*\d).{8,}$`, 'a', '\n'],
  [String.raw`^([A-Z]{20})*$`, 'A', '!'],
  [String.raw`^(ab|cd)*$`, 'ab', '!'],
  [String.raw`^\p{L}+ \p{L}+$`, 'a', '!'],
  [String.raw`^(\+|-)?\d+(\.\d+)?$`, '1', '!'],
  [String.raw`^"([^"\\]|\\.)*"$`, String.raw`\a`, '!', '"'],
  [String.raw`^[\w.-]+@[\w-]+$`, 'a', '!', 'a@'],
  [String.raw`[a-z]+`, 'a', '!'],
  [String.raw`^(?:\d{1,3}\.){3}\d{1,3}$`, '1.', '!'],
  [String.raw`^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)?$`, 'a', '!'],
]

function stepsOf([pattern, pump, suffix, prefix = '']: Attack, times: number): number {
  return countMatchSteps(pattern, prefix + pump.repeat(times) + suffix)
}

describe('backtrackingOf', () => {
  for (const attack of exponential) {
    it(`finds that ${attack[0]} takes exponential time`, () => {
      assert.equal(backtrackingOf(attack[0]), 'exponential')
      assert.ok(stepsOf(attack, 16) > Math.min(12 * stepsOf(attack, 8), MAX_STEPS), 'the attack shows it')
    })
  }
  for (const attack of polynomial) {
    it(`finds that ${attack[0]} takes polynomial time`, () => {
      assert.equal(backtrackingOf(attack[0]), 'polynomial')
      assert.ok(stepsOf(attack, 128) > 3 * stepsOf(attack, 64), 'the attack shows it')
    })
  }
  for (const attack of harmless) {
    it(`finds nothing in ${attack[0]}`, () => {
      assert.equal(backtrackingOf(attack[0]), undefined)
      assert.ok(stepsOf(attack, 128) <= 2.5 * stepsOf(attack, 64), 'the attack fails')
    })
  }

  it('says nothing of what it cannot judge', () => {
    assert.equal(backtrackingOf(String.raw`^(a+)+\1$`), undefined)
    assert.equal(backtrackingOf('^(a+)+$'.padEnd(2001, 'a')), undefined)
    assert.equal(backtrackingOf('(?i:(a+)+$)'), undefined)
    for (const pattern of [String.raw`^(a+)+\1$`, '(?i:(a+)+$)', 'a+$', '^(a+)+$'])
      assert.ok(!isHarmless(pattern))
    for (const pattern of ['^a+$', 'a+', '']) assert.ok(isHarmless(pattern))
  })

  it('ends soon, however large the pattern is', () => {
    const letters = Array.from({ length: 100 }, (_, index) => String.fromCodePoint(0x4e00 + index))
    assert.equal(backtrackingOf(`^(${letters.map((letter) => `${letter}+x`).join('|')})*$`), undefined)
    assert.equal(backtrackingOf(`^${letters.map((letter) => `${letter}+`).join('')}$`), undefined)
    // Too much to decide; what matters is that it is given up.
    assert.equal(
      backtrackingOf(`^(${letters.map((letter) => `[^${letter}]${letter}`).join('|')})*$`),
      undefined,
    )
    assert.equal(backtrackingOf(`^${'(?:[a-z]{1,1000}'.repeat(60)}${'){1,1000}'.repeat(60)}$`), 'exponential')
  })
})

const pattern: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom('a', 'b', '[ab]', '.', '[^a]'),
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => a + b),
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(?:${a}|${b})`),
    fc.tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{1,2}')).map(([a, b]) => `(?:${a})${b}`),
  ),
})).node

describe('for any pattern that backtrackingOf finds harmless', () => {
  it('the time grows with the length of the text and not faster', () => {
    const word = fc.constantFrom('a', 'b', 'ab', 'aab', 'ba')
    fc.assert(
      fc.property(pattern, word, fc.boolean(), (source, pump, isAnchored) => {
        const whole = isAnchored ? `^${source}$` : `${source}!`
        if (backtrackingOf(whole) !== undefined) return
        const attack: Attack = [whole, pump, '\n']
        const [short, long] = [stepsOf(attack, 60), stepsOf(attack, 120)]
        assert.ok(long <= 2.6 * short + 200, `${short} and ${long} steps`)
      }),
      { numRuns: 1000 },
    )
  })
})
