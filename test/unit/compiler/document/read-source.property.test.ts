import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'
import { stringify } from 'yaml'

import { readSource, type SourceDocument } from '../../../../src/compiler/document/index.ts'
import { appendPointer, isObject } from '../../../../src/domain/index.ts'

const JSON_TOKENS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\n',
  '\t',
  ' ',
  'true',
  'null',
  '1e999',
  '-',
  'é',
]
const YAML_TOKENS = [
  "'",
  '\r\n',
  '- ',
  '? ',
  '&a ',
  '*a ',
  '!!str ',
  '| ',
  '> ',
  '<<',
  '#',
  '~',
  '.inf',
  '0x1',
  '😀',
]
const YAML_MARKERS = ['---\n', '...\n', '%YAML 1.2\n']
const TOKENS = [...JSON_TOKENS, ...YAML_TOKENS, ...YAML_MARKERS]

const json = fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' })

function* leavesOf(value: unknown, pointer = ''): Generator<{ pointer: string; value: unknown }> {
  if (typeof value !== 'object' || value === null) yield { pointer, value }
  else for (const [key, child] of Object.entries(value)) yield* leavesOf(child, appendPointer(pointer, key))
}

function spanOf({ text, locate }: SourceDocument, pointer: string): string {
  const at = locate(pointer)
  const lines = text.split(/(?<=\r\n|\n|\r(?!\n))/)
  const offset = (line: number, col: number) =>
    lines.slice(0, line - 1).reduce((sum, { length }) => sum + length, 0) + col - 1
  return text.slice(offset(at.line, at.col), offset(at.endLine ?? 0, at.endCol ?? 0))
}

describe('readSource, for any input,', () => {
  it('never throws and never hangs on bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom('a.json', 'a.yaml', 'a'),
        (bytes, path) => {
          const { document, findings } = readSource(path, bytes)
          assert.ok(document !== undefined || findings.length > 0)
          for (const { at } of findings) assert.ok(at.line >= 1 && at.col >= 1)
        },
      ),
      { numRuns: 400 },
    )
  })

  it('never throws on texts made of the tokens of JSON and YAML', () => {
    const token = fc.constantFrom(...TOKENS)
    const text = fc.array(token, { maxLength: 60 }).map((tokens) => tokens.join(''))
    fc.assert(
      fc.property(text, fc.constantFrom('a.json', 'a.yaml'), (text, path) => {
        const { document } = readSource(path, Buffer.from(text))
        if (document === undefined) return
        for (const { pointer } of leavesOf(document.root)) {
          const at = document.locate(pointer)
          assert.ok(at.line >= 1 && at.col >= 1)
        }
      }),
      { numRuns: 1500 },
    )
  })

  it('gives back any JSON value, and its places hold the values', () => {
    fc.assert(
      fc.property(json, fc.constantFrom(0, 2), (value, indent) => {
        const { document } = readSource('a.json', Buffer.from(JSON.stringify(value, null, indent)))
        assert.ok(document)
        assert.deepEqual(document.root, JSON.parse(JSON.stringify(value)))
        for (const leaf of leavesOf(document.root)) {
          assert.deepEqual(JSON.parse(spanOf(document, leaf.pointer)), leaf.value)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('gives back any JSON value that another library writes as YAML, and its places hold the values', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.boolean(), (value, isFlow) => {
        const text = stringify(value, { lineWidth: 0, ...(isFlow ? { collectionStyle: 'flow' } : {}) })
        const { document, findings } = readSource('a.yaml', Buffer.from(text))
        assert.ok(document, JSON.stringify(findings))
        // YAML has no negative zero of its own kind.
        assert.equal(JSON.stringify(document.root), JSON.stringify(value))
        for (const leaf of leavesOf(document.root)) {
          const { document: part } = readSource(
            'part.yaml',
            Buffer.from(`x: ${spanOf(document, leaf.pointer)}`),
          )
          const isMultiline = typeof leaf.value === 'string' && leaf.value.includes('\n')
          if (!isMultiline) assert.deepEqual(isObject(part?.root) ? part.root['x'] : undefined, leaf.value)
        }
      }),
      { numRuns: 150 },
    )
  })
})
