import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { compareWithBaseline, createBaseline, parseBaseline } from '../../../../src/compiler/lint/index.ts'
import { decode, type Finding } from '../../../../src/domain/index.ts'

const word = fc.constantFrom('a', 'b', 'c')
const findings = fc.array(
  fc.record({
    rule: word,
    file: word,
    pointer: fc.option(word, { nil: undefined }),
    message: word,
    line: fc.nat(),
  }),
  { maxLength: 12 },
)

function made(
  list: readonly {
    rule: string
    file: string
    pointer?: string | undefined
    message: string
    line: number
  }[],
) {
  return list.map(({ rule, file, pointer, message, line }): Finding => {
    const at = { file, line, col: 1, ...(pointer === undefined ? {} : { pointer }) }
    return { rule, severity: 'warning', message, at }
  })
}

const moved = (finding: Finding) => ({ ...finding, at: { ...finding.at, line: finding.at.line + 7, col: 3 } })
const read = (list: readonly Finding[]) => parseBaseline(JSON.stringify(createBaseline(list)))

describe('a baseline', () => {
  it('knows what it was made of, wherever lines have moved to and in any order', () => {
    fc.assert(
      fc.property(findings, (list) => {
        const known = made(list)
        const compared = compareWithBaseline(known.map(moved).toReversed(), read(known))
        assert.deepEqual(compared, { added: [], knownCount: known.length, stale: [] })
        assert.deepEqual(createBaseline(known), createBaseline(known.toReversed()))
      }),
    )
  })

  it('keeps what is new, and tells what is gone', () => {
    fc.assert(
      fc.property(findings, findings, (before, after) => {
        const { added, knownCount, stale } = compareWithBaseline(made(after), read(made(before)))
        assert.equal(added.length + knownCount, after.length)
        const gone = stale.reduce((sum, { count }) => sum + count, 0)
        assert.equal(knownCount + gone, before.length)
        const update = createBaseline([...added, ...made(before)])
        assert.deepEqual(compareWithBaseline(made(after), update).added, [])
      }),
    )
  })

  it('tells findings apart by rule, file, pointer and message', () => {
    const one = made([{ rule: 'a', file: 'a', pointer: 'a', message: 'a', line: 1 }])
    for (const change of [
      { rule: 'b' },
      { file: 'b' },
      { pointer: 'b' },
      { pointer: undefined },
      { message: 'b' },
    ]) {
      const other = made([{ rule: 'a', file: 'a', pointer: 'a', message: 'a', line: 1, ...change }])
      assert.deepEqual(compareWithBaseline(other, read(one)).added, other)
    }
  })

  it('never knows a file that could not be read', () => {
    const lost = made([{ rule: 'unreadable', file: 'a', message: 'a', line: 1 }])
    assert.deepEqual(createBaseline(lost).findings, [])
    const [entry] = createBaseline(made([{ rule: 'a', file: 'a', message: 'a', line: 1 }])).findings
    assert.ok(entry)
    const forged = { barbacane_baseline_version: 1, findings: [{ ...entry, rule: 'unreadable' }] } as const
    assert.deepEqual(compareWithBaseline(lost, forged).added, lost)
  })

  it('is refused where it has another form', () => {
    assert.throws(() => parseBaseline('<<<<<<< HEAD'), SyntaxError)
    for (const text of [
      '[]',
      '{"barbacane_baseline_version":2,"findings":[]}',
      '{"barbacane_baseline_version":1,"findings":[{}]}',
    ]) {
      assert.throws(() => parseBaseline(text), decode.DecodeError, text)
    }
  })
})
