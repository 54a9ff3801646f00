import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { findJsonFault } from '../../../../src/runtime/validate/json-fault.ts'

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('findJsonFault', () => {
  const cases: readonly [string, number, number, RegExp][] = [
    ['', 1, 1, /ends where a value/],
    ['{"a":1,}', 1, 8, /member name/],
    ['[1,]', 1, 4, /a value/],
    ['{"a" 1}', 1, 6, /a colon/],
    ['[1 2]', 1, 4, /a comma or \]/],
    ['{"a":1]', 1, 7, /a comma or \}/],
    ['{\n  "a": tru\n}', 2, 8, /a value/],
    ['"a\nb"', 1, 1, /a string is not closed/],
    ['["\\x"]', 1, 2, /unknown escape/],
    ['1 2', 1, 3, /the end/],
    ['[[[', 1, 4, /ends where a value/],
    ['{"a":{"b":[]', 1, 13, /ends where a comma or \}/],
    ["{'a':1}", 1, 2, /member name/],
    ['[01]', 1, 3, /a comma or \]/],
  ]
  for (const [text, line, column, reason] of cases) {
    it(`points into ${JSON.stringify(text)}`, () => {
      assert.throws(() => JSON.parse(text), SyntaxError)
      const fault = findJsonFault(text)
      assert.deepEqual([fault.line, fault.column], [line, column])
      assert.match(fault.reason, reason)
    })
  }

  it('finds a fault at or after the last character that can be right, in any text JSON.parse refuses', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', ',', '}', ']', '"', ':', 'x'),
        (json, at, insert) => {
          const index = at % (json.length + 1)
          const text = json.slice(0, index) + insert + json.slice(index + 1)
          if (isJson(text)) return
          const { line, column } = findJsonFault(text)
          // fc.json() writes on one line, and everything before the change was right.
          assert.equal(line, 1)
          assert.ok(column <= text.length + 1)
          assert.ok(
            column - 1 >= text.slice(0, index).search(/["\w.+-]*$/) || text.slice(0, index).includes('"'),
          )
        },
      ),
    )
  })

  it('does not follow the nesting on the stack', () => {
    assert.equal(findJsonFault('['.repeat(200_000)).column, 200_001)
  })
})
