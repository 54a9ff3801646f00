import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { buildTimestamp, planProvenance } from '../../../src/compiler/index.ts'
import { expectProblem } from '../../support/expect-problem.ts'

const nowMs = Date.parse('2026-03-04T05:06:07.999Z')
const committedAtMs = Date.parse('2025-01-01T00:00:00Z')
const clean = { dirty: false, committedAtMs }

describe('buildTimestamp', () => {
  it('is SOURCE_DATE_EPOCH, else the time of a clean commit, else now', () => {
    const at = (sourceDateEpoch: string | undefined, commit: typeof clean | undefined) =>
      buildTimestamp({ sourceDateEpoch, commit, nowMs })
    assert.equal(at('0', clean), '1970-01-01T00:00:00Z')
    assert.equal(at('1700000000', undefined), '2023-11-14T22:13:20Z')
    assert.equal(at(undefined, clean), '2025-01-01T00:00:00Z')
    assert.equal(at('', clean), '2025-01-01T00:00:00Z')
    assert.equal(at(undefined, { ...clean, dirty: true }), '2026-03-04T05:06:07Z')
    assert.equal(at(undefined, undefined), '2026-03-04T05:06:07Z')
  })

  it('refuses what is no number of seconds that an archive can hold', () => {
    for (const value of ['yesterday', '-1', '1.5', '1e9', ' 1', '8589934592', '99999999999999']) {
      const problem = expectProblem('BCN_COMPILE_SOURCE_DATE_EPOCH', () =>
        buildTimestamp({ sourceDateEpoch: value, commit: clean, nowMs }),
      )
      assert.equal(problem.exit, 2)
    }
    assert.equal(
      buildTimestamp({ sourceDateEpoch: '8589934591', commit: undefined, nowMs }),
      '2242-03-16T12:56:31Z',
    )
  })
})

describe('planProvenance', () => {
  const checkedOut = { commit: 'aa', dirty: true, source: 'https://git.example/a' }
  const none = { commit: undefined, source: undefined }

  it('is what git says unless something is given', () => {
    assert.deepEqual(planProvenance({ checkedOut, ...none }), checkedOut)
    assert.deepEqual(planProvenance({ checkedOut: undefined, ...none }), {
      commit: null,
      source: null,
      dirty: null,
    })
    assert.deepEqual(planProvenance({ checkedOut, commit: undefined, source: 'https://b' }), {
      ...checkedOut,
      source: 'https://b',
    })
  })

  it('does not vouch for a tree that is another commit', () => {
    assert.equal(planProvenance({ checkedOut, commit: 'aa', source: undefined }).dirty, true)
    assert.equal(planProvenance({ checkedOut, commit: 'bb', source: undefined }).dirty, null)
    assert.equal(planProvenance({ checkedOut: undefined, commit: 'bb', source: undefined }).commit, 'bb')
  })
})
