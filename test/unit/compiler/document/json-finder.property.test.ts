import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { createJsonFinder, duplicatesInJson } from '../../../../src/compiler/document/find-in-json.ts'
import { scanJson } from '../../../../src/compiler/document/json-extents.ts'
import { parseJson } from '../../../../src/domain/index.ts'

const space = fc.constantFrom('', ' ', '\n', '\r\n\t')

/** A JSON text with space wherever it may stand, and the value it stands for. */
const { text: written } = fc.letrec<{ text: string }>((tie) => {
  const scalar = fc.oneof(
    fc.string({ unit: 'binary' }).map((value) => JSON.stringify(value)),
    fc.constantFrom('0', '-1.5e3', 'true', 'false', 'null', '"{"', '"]\\""', '"\\\\"'),
  )
  const padded = fc.tuple(space, tie('text'), space).map((parts) => parts.join(''))
  const name = fc.oneof(
    fc.string().map((value) => JSON.stringify(value)),
    fc.constantFrom('"a"', '"\\u0061"', '"\\\\"'),
  )
  const member = fc.tuple(space, name, space, padded).map(([a, key, b, value]) => `${a}${key}${b}:${value}`)
  const list = fc.tuple(space, fc.array(padded, { maxLength: 4 }))
  const object = fc.tuple(space, fc.array(member, { maxLength: 4 }))
  return {
    text: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalar,
      list.map(([inner, items]) => `[${items.length === 0 ? inner : items.join(',')}]`),
      object.map(([inner, members]) => `{${members.length === 0 ? inner : members.join(',')}}`),
    ),
  }
})

function* pathsOf(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  yield path
  if (typeof value !== 'object' || value === null) return
  for (const [key, child] of Object.entries(value)) yield* pathsOf(child, [...path, key])
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce((at, key) => (at as Readonly<Record<string, unknown>>)[key], value)
}

describe('createJsonFinder', () => {
  it('finds every value and its key where they are written, with any space around them', () => {
    fc.assert(
      fc.property(written, (text) => {
        const value = parseJson(text)
        const find = createJsonFinder(text, scanJson(text).extents)
        for (const path of pathsOf(value)) {
          const { value: span, key, found } = find(path)
          assert.ok(found)
          assert.deepEqual(parseJson(text.slice(span.start, span.end)), valueAt(value, path))
          if (key !== undefined) assert.equal(JSON.parse(text.slice(key.start, key.end)), path.at(-1))
        }
      }),
      { numRuns: 500 },
    )
  })

  it('stops at the nearest ancestor of what is not there', () => {
    const text = '{ "a": [{ "b": 1 }] }'
    const find = createJsonFinder(text, scanJson(text).extents)
    for (const path of [
      ['a', '1'],
      ['a', 'length'],
      ['a', '01'],
    ]) {
      const { value, found } = find(path)
      assert.deepEqual([found, text.slice(value.start, value.end)], [false, '[{ "b": 1 }]'])
    }
    assert.equal(find(['a', '0', 'b', 'c']).found, false)
  })
})

describe('duplicatesInJson', () => {
  it('names the keys that stand twice, however they are written, and no other', () => {
    fc.assert(
      fc.property(written, (text) => {
        const { extents, members } = scanJson(text)
        const repeated = duplicatesInJson(text, extents)
        let kept = 0
        const value = parseJson(text)
        for (const path of pathsOf(value)) {
          const at = valueAt(value, path)
          if (typeof at === 'object' && at !== null && !Array.isArray(at)) kept += Object.keys(at).length
        }
        // What a repeated key replaces may hold members too.
        assert.equal(members > kept, repeated.length > 0)
        for (const { key, start, end } of repeated) assert.equal(JSON.parse(text.slice(start, end)), key)
      }),
      { numRuns: 500 },
    )
  })
})
