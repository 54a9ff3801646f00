import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'
import { Document, Scalar } from 'yaml'

import { readSource } from '../../../../src/compiler/document/index.ts'

/** The line and column of a part of the text at `/a/b`, or undefined. */
function place(written: string, part: string, path = 'a.yaml'): string | undefined {
  const { document } = readSource(path, Buffer.from(written))
  assert.ok(document !== undefined, written)
  const text = (document.root as { readonly a: { readonly b: string } }).a.b
  const at = document.locateIn('/a/b', text, text.indexOf(part))
  return at && `${at.line}:${at.col}`
}

const STYLES = [
  Scalar.PLAIN,
  Scalar.QUOTE_SINGLE,
  Scalar.QUOTE_DOUBLE,
  Scalar.BLOCK_LITERAL,
  Scalar.BLOCK_FOLDED,
] as const

describe('the place of a character in a text', () => {
  it('is found in every style of YAML, and in JSON', () => {
    assert.equal(place('a:\n  b: x == yy\n', 'yy'), '2:11')
    assert.equal(place('a:\n  b: x ==\n     yy\n', 'yy'), '3:6')
    assert.equal(place("a: { b: 'x == '''' + yy' }\n", 'yy'), '1:22')
    assert.equal(place(String.raw`a: { b: "\"x\"\n== \u0041\U0001F600 yy" }`, 'yy'), '1:37')
    assert.equal(place('a: { b: "x \\\n    == yy" }\n', 'yy'), '2:8')
    assert.equal(place('a:\n  b: |-\n    x ==\n\n      yy\n', 'yy'), '5:7')
    assert.equal(place('a:\n  b: |2 # a comment\n       x ==\n    yy\n', 'yy'), '4:5')
    assert.equal(place('a:\r\n  b: >\r\n    x\r\n    ==\r\n\r\n    yy\r\n', 'yy'), '6:5')
    assert.equal(place('a:\n  b: !!str |\n    x == yy\n', 'yy'), '3:10')
    assert.equal(place(String.raw`{"a":{"b":"\"x\" == yy"}}`, 'yy', 'a.json'), '1:21')
  })

  it('is not told where the text stands elsewhere', () => {
    assert.equal(place('c: &x a\na: { b: *x }\n', 'a'), undefined)
    assert.equal(place('c: &b "b == yy"\na: { b: *b }\n', 'yy'), undefined)
  })

  it('is that of the same character, however a text is written', () => {
    const text = fc
      .array(fc.constantFrom('x', ' ', '\n', '  ', '"', "'", '\\', '#', ': ', '😀', 'é', '|', '\t'), {
        maxLength: 40,
      })
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(text, text, fc.constantFrom(...STYLES), (before, after, style) => {
        const scalar = new Scalar(`${before}§${after}`)
        scalar.type = style
        const written = new Document({ a: { b: scalar } }).toString({ lineWidth: 30 })
        const [line = '', col = ''] = place(written, '§')?.split(':') ?? []
        assert.equal(written.split('\n')[Number(line) - 1]?.[Number(col) - 1], '§', written)
      }),
      { numRuns: 500 },
    )
  })
})
