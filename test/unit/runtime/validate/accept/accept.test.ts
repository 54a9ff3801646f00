import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { JsonSchema } from '../../../../../src/domain/index.ts'
import { acceptJson, createAccept } from '../../../../../src/runtime/validate/accept/index.ts'
import { mix, SEED } from '../../../../../src/runtime/validate/accept/names.ts'
import { patternMaker } from '../../../../../src/runtime/validate/make-pattern.ts'

const accepts = (schema: JsonSchema, text: string | Buffer) =>
  createAccept(schema, patternMaker())(Buffer.from(text as string))

/** By each schema the texts before `|` are accepted, and those behind it are not. */
const judged: readonly (readonly [JsonSchema, ...string[]])[] = [
  [true, '1', '"a"', '[{}, []]', 'null', '|', '', 'nul', '1 2'],
  [false, '|', '1', 'null'],
  [{ type: 'integer', minimum: 1, exclusiveMaximum: 9 }, '1', '8', '8.0', ' 3 ', '|', '0', '9', '1.5', '"1"'],
  [{ type: 'integer' }, '1e3', '1.5e1', '12345678901234567890', '|', '1e-1', '1e999'],
  [{ type: 'number', maximum: 0.3 }, '0.3', '0.30', '3e-1', '|', '0.30000000000000004', '1e999'],
  [{ type: 'number', multipleOf: 0.01 }, '4.35', '|', '4.355'],
  [{ type: 'number', exclusiveMinimum: 0 }, '0.1', '|', '0', '-0', '-1'],
  [{ type: 'integer', format: 'int32' }, '2147483647', '|', '2147483648'],
  [{ type: 'string', minLength: 2, maxLength: 3 }, '"ab"', '"é😀é"', '|', '"a"', '"abcd"', '"😀"', 'ab'],
  [{ type: 'string', pattern: '^[a-z]+$' }, '"abc"', '|', '"aBc"', '"é"'],
  [{ type: 'string', pattern: '^é+$' }, '"éé"', '|', '"e"'],
  [{ type: 'string', format: 'date' }, '"2024-02-29"', '|', '"2023-02-29"'],
  [{ enum: ['a', 1, null, true] }, '"a"', '1', '1.0', 'null', 'true', '|', '"b"', '2', 'false', '[]'],
  [{ const: 'a', enum: ['a', 'b'] }, '"a"', '|', '"b"'],
  [{ type: ['string', 'null'] }, '"a"', 'null', '|', '1'],
  [{ type: 'boolean' }, 'true', 'false', '|', 'True', 'truex'],
  [
    { type: 'array', items: { type: 'integer' }, minItems: 1, maxItems: 2 },
    '[1]',
    '[1,2]',
    '|',
    '[]',
    '[1,2,3]',
  ],
  [{ maxItems: 0 }, '[]', '{}', '|', '[1]'],
  [{ minProperties: 1, maxProperties: 2 }, '{"a":1}', '{"a":1,"b":1}', '|', '{}', '{"a":1,"b":1,"c":1}'],
  [
    { type: 'object', required: ['a', 'b'], properties: { a: { type: 'integer' } } },
    '{"a":1,"b":2}',
    '{"b":[],"c":{"d":1},"a":1}',
    '|',
    '{"a":1}',
    '{"a":"1","b":1}',
    '{}',
  ],
  [
    { properties: { a: true, b: { type: 'null' } }, additionalProperties: false },
    '{"b":null,"a":1}',
    '{}',
    '1',
    '|',
    '{"c":1}',
    '{"b":1}',
    '{"a":1,"a":1,"c":1}',
  ],
  [{ additionalProperties: { type: 'string' } }, '{"x":"y"}', '|', '{"x":1}'],
  [{ allOf: [{ minimum: 1 }, { maximum: 2 }] }, '1', '"a"', '|', '0', '3'],
  [{ anyOf: [{ type: 'string' }, { minimum: 5 }] }, '"a"', '5', '[]', '|', '4'],
  [{ oneOf: [{ type: 'string', maxLength: 1 }, { type: 'null' }] }, '"a"', 'null', '|', '"ab"', '1'],
  [
    {
      $ref: '#/$defs/T',
      $defs: { T: { properties: { t: { $ref: '#/$defs/T' } }, additionalProperties: false } },
    },
    '{"t":{"t":{}}}',
    '|',
    '{"t":{"u":{}}}',
  ],
  [{ items: { $ref: '#' }, type: 'array' }, '[[],[[]]]', '|', '[1]'],
]

describe('a body that is accepted by its bytes', () => {
  for (const [schema, ...texts] of judged) {
    it(`is judged by ${JSON.stringify(schema).slice(0, 90)}`, () => {
      const border = texts.indexOf('|')
      for (const [index, text] of texts.entries()) {
        if (index !== border) assert.equal(accepts(schema, text), index < border, text)
      }
    })
  }

  it('is JSON', () => {
    const wrong = [
      '{"a":1,}',
      '[1,]',
      '[,1]',
      '{a:1}',
      "'a'",
      '01',
      '1.',
      '.5',
      '+1',
      '-',
      '1e',
      '--1',
      '[1',
      '{"a"',
      '{"a":',
    ]
    const bad = [
      '"a',
      '"\\x"',
      '"\\u12g4"',
      '"\\u123"',
      '"a\nb"',
      '"\t"',
      '\u00a01',
      '\ufeff1',
      '{"a":1 "b":2}',
      '[1 2]',
      'tru',
    ]
    for (const text of [...wrong, ...bad]) {
      assert.throws(() => JSON.parse(text), text)
      assert.equal(acceptJson(Buffer.from(text)), false, text)
    }
    for (const text of [
      '"\\u00e9\\n\\"\\/"',
      '-0',
      '-1.5E+3',
      ' [ 1 , { "a" : [ ] } ]\r\n\t',
      '"\u2028"',
      '0',
    ]) {
      assert.doesNotThrow(() => JSON.parse(text), text)
      assert.equal(acceptJson(Buffer.from(text)), true, text)
    }
  })

  it('is UTF-8', () => {
    for (const bytes of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0xaf]]) {
      assert.equal(acceptJson(Buffer.from([0x22, ...bytes, 0x22])), false)
    }
    assert.equal(acceptJson(Buffer.from('"é😀"')), true)
    assert.equal(acceptJson(Buffer.from([0xc3, 0xa9])), false, 'outside of a string')
  })

  it('is told nothing of where it has more to say than its bytes do', () => {
    // Each is valid: what follows here parses it.
    assert.equal(accepts({ maxLength: 1 }, '"\\n"'), false, 'the length of a text with an escape')
    assert.equal(accepts({ maxLength: 2, minLength: 2 }, '"\\n"'), false, 'or what is not even valid')
    assert.equal(accepts(true, '{"\\u0061":1}'), false, 'a name with an escape')
    assert.equal(accepts(true, '{"é":1}'), false, 'a name outside of ASCII')
    assert.equal(accepts(true, `${'['.repeat(200)}${']'.repeat(200)}`), false, 'what is nested deeply')
    assert.equal(accepts({ not: { type: 'string' } }, '1'), false, 'a keyword that is not known')
    assert.equal(accepts({ properties: { a: { uniqueItems: true } } }, '{}'), false, 'or somewhere within')
    assert.equal(
      accepts({ oneOf: [{ minimum: 1 }, { maximum: 0 }] }, '1'),
      false,
      'one of several that overlap',
    )
    assert.equal(
      accepts({ $ref: '#/$defs/A/items', $defs: { A: { items: true } } }, '1'),
      false,
      'other references',
    )
    assert.equal(accepts({ $ref: '#' }, '1'), false, 'a circle')
    assert.equal(accepts({ enum: [[1]] }, '[1]'), false, 'a list that has to equal another')
  })

  it('takes no longer than a few readings, however often a schema looks at it', () => {
    const deep = (depth: number): JsonSchema =>
      depth === 0 ? { type: 'object' } : { anyOf: [{ maxProperties: 0 }, deep(depth - 1)] }
    const text = `{"a":[${'1,'.repeat(1000)}1]}`
    assert.equal(accepts(deep(2), text), true)
    assert.equal(accepts(deep(40), text), false)
  })

  it('finds each of many names, whatever their order', () => {
    const names = Array.from({ length: 300 }, (_, index) => `name${index}`)
    const properties = Object.fromEntries(names.map((name, index) => [name, { const: index }]))
    const required = names.slice(0, 31)
    const schema = { properties, required, additionalProperties: false }
    const whole = names.toReversed().map((name) => `"${name}":${name.slice(4)}`)
    assert.equal(accepts(schema, `{${whole.join()}}`), true)
    for (const absent of required) {
      assert.equal(
        accepts(schema, `{${whole.filter((member) => !member.startsWith(`"${absent}"`)).join()}}`),
        false,
      )
    }
    assert.equal(accepts(schema, `{${whole.join()},"name300":1}`), false)
  })

  it('does not take a name for another that has its hash', () => {
    const seen = new Map<number, string>()
    let pair: readonly [string, string] | undefined
    for (let number = 0; pair === undefined; number += 1) {
      const name = `n${number.toString(36)}`
      const hash = Buffer.from(name).reduce(mix, SEED)
      const other = seen.get(hash)
      if (other !== undefined) pair = [name, other]
      seen.set(hash, name)
    }
    const schema = { properties: { [pair[0]]: { type: 'integer' } }, additionalProperties: false }
    assert.equal(accepts(schema, `{"${pair[0]}":1}`), true)
    assert.equal(accepts(schema, `{"${pair[1]}":1}`), false)
  })
})
