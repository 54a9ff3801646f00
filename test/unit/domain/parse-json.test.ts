import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { parseJson } from '../../../src/domain/index.ts'

const { raw } = String
const key = fc.constantFrom('a', 'b', '\\', 'a\\', '\\u00', 'role', '__proto__', '"', 'a\nb')

/** A text as JSON, each character by an escape. */
const escaped = (text: string) =>
  `"${text
    .split('')
    .map((unit) => `\\u${(unit.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
    .join('')}"`

describe('parseJson', () => {
  it('reads keys with escapes whatever objects were read before', () => {
    for (const [before, text, expected] of [
      [raw`{"\\":0}`, raw`{"\u0061":1}`, { a: 1 }],
      [raw`{"a":0,"\\":0}`, raw`{"a":0,"\u0061":1}`, { a: 1 }],
      [raw`{"\\u00":0}`, raw`{"\u0072ole":"admin"}`, { role: 'admin' }],
      [raw`{"a\\":0}`, raw`[{"a\u0062":[{"\\":"\\"}],"c":-1.5e3}]`, [{ ab: [{ '\\': '\\' }], c: -1500 }]],
    ] as const) {
      for (let times = 0; times < 3; times++) JSON.parse(before)
      assert.deepEqual(parseJson(text), expected)
    }
  })

  it('gives what was written, with escapes or without', () => {
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.boolean(),
        ),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.array(fc.tuple(key, tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
      ),
    }))
    const write = (node: unknown): string => {
      if (Array.isArray(node)) return `[${node.map(write).join(' , ')}]`
      if (!(node instanceof Map)) return JSON.stringify(node)
      const members = [...(node as Map<string, unknown>)].map(([name, child], index) => {
        const written = index % 2 === 0 ? escaped(name) : JSON.stringify(name)
        return `${written} : ${write(child)}`
      })
      return `{ ${members.join(',\n')} }`
    }
    const plain = (node: unknown): unknown => {
      if (Array.isArray(node)) return node.map(plain)
      if (!(node instanceof Map)) return Object.is(node, -0) ? 0 : node
      return Object.fromEntries(
        [...(node as Map<string, unknown>)].map(([name, child]) => [name, plain(child)]),
      )
    }
    fc.assert(
      fc.property(value, (node) => {
        assert.deepEqual(parseJson(write(node)), plain(node))
      }),
      { numRuns: 200 },
    )
  })

  it('refuses what is no JSON', () => {
    for (const text of ['', '{', raw`{"\\":}`, raw`["\x"]`]) assert.throws(() => parseJson(text), SyntaxError)
  })
})
