import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import * as fc from 'fast-check'

import { commitRelease, findPastRelease, openBranch, readReleaseHistory } from '../../src/fleet/index.ts'
import { isProblemError } from '../../src/domain/index.ts'
import { gitRepository } from '../support/git-repository.ts'
import { sampleRelease } from '../support/sample-release.ts'

const environment = 'production'
const FLEET = `version: 1\nenvironments: { ${environment}: { allow_unsigned: true } }\n`

type Step = { readonly kind: 'release'; readonly digit: string } | { readonly kind: 'rollback' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('release' as const),
      digit: fc.constantFrom('a', 'b', 'c', 'd'),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'rollback' as const }) },
)

/** What stands after these pins, the oldest first: what was rolled back is gone. */
function standing(digits: readonly string[]): readonly string[] {
  return digits.reduce<readonly string[]>((stack, digit) => {
    const at = stack.indexOf(digit)
    return [...(at < 0 ? stack : stack.slice(0, at)), digit]
  }, [])
}

describe('any sequence of releases and rollbacks', () => {
  it('only appends to the history, and pins only what was released', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 7 }), async (steps) => {
        await using repository = await gitRepository({ 'fleet.yaml': FLEET })
        repository.git('config', 'user.name', 'A. Author')
        repository.git('config', 'user.email', 'author@example.com')
        const { path: folder } = repository
        const pins: string[] = []
        let commits: readonly string[] = []
        for (const [index, { kind, ...made }] of steps.entries()) {
          const { state } = await openBranch(folder)
          const released = new Set(pins)
          const digit = 'digit' in made ? made.digit : await previous(folder, state.commit)
          const expected = 'digit' in made ? made.digit : standing(pins).at(-2)
          assert.equal(digit, expected, `${kind} after ${pins.join('')}`)
          if (digit === undefined) continue
          if (kind === 'rollback') assert.ok(released.has(digit))
          const commit = await commitRelease(folder, {
            environment,
            release: sampleRelease(digit, { reason: `step ${index}` }),
            action: kind === 'release' ? { kind } : { kind, to: state.commit },
            sign: false,
          })
          pins.push(digit)
          const { entries } = await readReleaseHistory(folder, { commit, environment })
          const found = entries.map((entry) => entry.commit)
          assert.deepEqual(found, [commit, ...commits])
          assert.deepEqual(entries.map(({ release }) => release?.artifactDigest.at(-1)).toReversed(), pins)
          commits = found
        }
      }),
      { numRuns: 15 },
    )
  })
})

async function previous(folder: string, commit: string): Promise<string | undefined> {
  try {
    const { release } = await findPastRelease(folder, { commit, environment, to: undefined })
    return release.artifactDigest.at(-1)
  } catch (error) {
    if (isProblemError(error) && error.problem.code === 'BCN_RELEASE_NO_EARLIER') return undefined
    throw error
  }
}
