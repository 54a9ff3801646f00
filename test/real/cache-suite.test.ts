import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'

import { runSuite, startOrigin, type SuiteCase, type SuiteResult } from '../support/cache-suite.ts'
import { body, planArtifact, route, upstream } from '../support/plan-artifact.ts'
import { spawnGateway } from '../support/spawn-gateway.ts'

/**
 * Cases that are required of a cache and that this one does not pass, by what they have in common. Whatever is not here
 * has to pass; what is here has to fail, so that the list stays true.
 */
const EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  'RFC 9111 §5.1 wants the first member of a list of ages, and an age that is no number ignored; the suite is older':
    [
      'age-parse-nonnumeric',
      'age-parse-negative',
      'age-parse-float',
      'age-parse-prefix-twoline',
      'age-parse-dup-0',
      'age-parse-dup-0-twoline',
      'age-parse-dup-old',
      'age-parse-parameter',
      'age-parse-numeric-parameter',
    ],
  'answers with Set-Cookie are for one client, and are not kept': [
    'headers-store-Set-Cookie',
    '304-etag-update-response-Set-Cookie',
  ],
  'an answer with a transfer coding that is none has two readings, and is refused': [
    'headers-store-Transfer-Encoding',
  ],
  'a description has no operation M-SEARCH': ['invalidate-M-SEARCH', 'invalidate-M-SEARCH-cl'],
}

/** Statuses of the suite; those of 500 and above are kept here only so that it can try them. */
const STATUSES = [
  200, 201, 202, 203, 204, 299, 301, 302, 303, 307, 308, 400, 404, 405, 410, 414, 499, 500, 501, 502, 503,
  504, 599,
]

describe('the cache suite of github.com/http-tests/cache-tests, through a gateway', () => {
  const cleanups: (() => unknown)[] = []
  let cases: readonly SuiteCase[]
  let results: Readonly<Record<string, SuiteResult>>

  before(async () => {
    const scope = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) }
    const origin = await startOrigin(scope)
    // Answers that say nothing of their life are not kept: that is what the suite asks of those who run it.
    const cache = { name: 'cache', config: { ttl: 0, cacheable_status: STATUSES } }
    const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']
    const artifact = planArtifact({
      allowPlaintext: true,
      routes: methods.map((method) =>
        route(method, '/{rest+}', {
          middlewares: [cache],
          body: ['GET', 'HEAD'].includes(method) ? null : body('*/*', null, { required: false }),
          dispatch: upstream(origin),
        }),
      ),
    })
    const gateway = await spawnGateway(scope, { artifact, flags: ['--allow-plaintext-upstream'] })
    ;({ cases, results } = await runSuite(gateway.url))
    for (const cleanup of cleanups.toReversed()) await cleanup()
  })

  const kindOf = ({ kind }: SuiteCase) => kind ?? 'required'
  /** A case says nothing where what it stands on is not so. */
  const applies = ({ depends_on: needs = [] }: SuiteCase): boolean =>
    needs.every((id) => {
      const needed = cases.find((one) => one.id === id)
      return results[id] === true && (needed === undefined || applies(needed))
    })

  it('passes in every case that is required and applies, but for those that are listed with a reason', () => {
    const required = cases.filter((one) => kindOf(one) === 'required')
    assert.ok(required.length > 150)
    const applying = required.filter(applies)
    assert.ok(applying.length > 145, `${applying.length} apply`)
    const failed = applying.filter(({ id }) => results[id] !== true)
    const listed = Object.values(EXCEPTIONS).flat()
    const unexpected = failed.filter(({ id }) => !listed.includes(id))
    assert.deepEqual(
      unexpected.map(({ id, name }) => [id, name, results[id]]),
      [],
    )
    const failedIds = new Set(failed.map(({ id }) => id))
    assert.deepEqual(
      listed.filter((id) => !failedIds.has(id)),
      [],
      'these pass, and are listed',
    )
  })

  it('makes use of what it keeps in most of the cases where a cache may, and of no part of an answer', () => {
    const optimal = cases.filter((one) => kindOf(one) === 'optimal' && applies(one))
    const missed = optimal.filter(({ id }) => results[id] !== true).map(({ id }) => id)
    // What is left is heuristic freshness, which `ttl` stands for, and answers that are put together from parts.
    const known =
      /^(heuristic|partial|vary-normalise-lang|invalidate-M-SEARCH)-|^(method-POST|other-set-cookie|conditional-lm-fresh-no-lm)$/
    assert.deepEqual(
      missed.filter((id) => !known.test(id)),
      [],
    )
    assert.ok(optimal.length - missed.length >= 55, `${optimal.length - missed.length} of ${optimal.length}`)
  })
})
