import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import * as fc from 'fast-check'

import { namedRelease, previousRelease, type ReleaseHistory } from '../../../../src/fleet/index.ts'
import { expectProblem } from '../../../support/expect-problem.ts'
import { sampleRelease } from '../../../support/sample-release.ts'

const someone = { name: 'A. Author', email: 'author@example.com', atMs: 0 }

/** The history in which these artifacts were pinned one after the other; `-` where nothing was. */
function historyOf(digits: string, isComplete = true): ReleaseHistory {
  const entries = Array.from(digits, (digit, index) => ({
    commit: String(index).padStart(40, '0'),
    author: someone,
    committer: someone,
    subject: '',
    trailers: new Map(),
    release: digit === '-' ? null : sampleRelease(digit),
    bytes: null,
  }))
  return { entries: entries.toReversed(), isComplete }
}

const backFrom = (digits: string) =>
  previousRelease('production', historyOf(digits)).release.artifactDigest.at(-1)

describe('previousRelease', () => {
  it('goes back step by step, over what was rolled back', () => {
    assert.equal(backFrom('ab'), 'a')
    assert.equal(backFrom('abc'), 'b')
    assert.equal(backFrom('abcb'), 'a')
    assert.equal(backFrom('abad'), 'a')
    assert.equal(backFrom('abcad'), 'a')
    assert.equal(backFrom('ab-b'), 'a')
    assert.equal(backFrom('abb'), 'a')
  })

  it('takes the newest pin of it, whose image may be another', () => {
    assert.equal(previousRelease('production', historyOf('aab')).commit, '1'.padStart(40, '0'))
  })

  it('says when there is nothing to go back to, or that it cannot know', () => {
    for (const digits of ['', 'a', 'aa', 'aba', '--a'])
      expectProblem('BCN_RELEASE_NO_EARLIER', () => backFrom(digits))
    expectProblem('BCN_RELEASE_HISTORY_CUT', () => previousRelease('production', historyOf('ab', false)))
  })

  it('visits every release that stands once, the newest first, and ends', () => {
    const pins = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'e'), minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(pins, (digits) => {
        let history = digits
        const seen = [digits.at(-1)]
        for (;;) {
          let next: string | undefined
          try {
            next = backFrom(history)
          } catch {
            break
          }
          // It was released, and it was not left by going back before.
          assert.ok(next !== undefined && digits.includes(next), history)
          assert.ok(!seen.includes(next), history)
          seen.push(next)
          history += next
        }
        expectProblem('BCN_RELEASE_NO_EARLIER', () => backFrom(history))
      }),
    )
  })
})

describe('namedRelease', () => {
  it('finds the newest pin of a digest, a hash or what a commit pins', () => {
    const history = historyOf('abcb')
    const digest = sampleRelease('b').artifactDigest
    const byDigest = namedRelease('production', history, { to: digest, pinned: undefined })
    assert.equal(byDigest.commit, '3'.padStart(40, '0'))
    const byCommit = namedRelease('production', history, { to: 'HEAD~3', pinned: sampleRelease('a') })
    assert.equal(byCommit.commit, '0'.padStart(40, '0'))
  })

  it('finds nothing else', () => {
    const named = { to: sampleRelease('d').artifactDigest, pinned: undefined }
    expectProblem('BCN_RELEASE_NOT_IN_HISTORY', () => namedRelease('production', historyOf('abc'), named))
    expectProblem('BCN_RELEASE_HISTORY_CUT', () => namedRelease('production', historyOf('abc', false), named))
  })
})
