import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { parseChallenges } from '../../../../src/oci/registry/challenge.ts'

const plain = (header: string) =>
  parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)])

describe('challenges', () => {
  it('are read with their parameters', () => {
    assert.deepEqual(plain('Basic realm="x"'), [['basic', { realm: 'x' }]])
    assert.deepEqual(
      plain(
        'Bearer realm="https://auth.example/token?a=b,c",service="r.example", scope="repository:a/b:pull,push"',
      ),
      [
        [
          'bearer',
          {
            realm: 'https://auth.example/token?a=b,c',
            service: 'r.example',
            scope: 'repository:a/b:pull,push',
          },
        ],
      ],
    )
    assert.deepEqual(
      plain('Negotiate, Bearer realm=abc , error="insufficient_scope", BASIC realm="a \\"q\\" b"'),
      [
        ['negotiate', {}],
        ['bearer', { realm: 'abc', error: 'insufficient_scope' }],
        ['basic', { realm: 'a "q" b' }],
      ],
    )
    assert.deepEqual(plain('Negotiate dG9rZW4=, Basic realm = "x"'), [
      ['negotiate', {}],
      ['basic', { realm: 'x' }],
    ])
    assert.deepEqual(plain(''), [])
    assert.deepEqual(plain(', ,Basic realm="x",'), [['basic', { realm: 'x' }]])
  })

  it('that are not well-formed are refused whole', () => {
    for (const header of [
      'Bearer realm="x',
      'Bearer realm="x" service="y"',
      'Bearer realm="x", realm="y"',
      'Bearer realm="x"; service="y"',
      '"Bearer"',
      'Bearer realm="x\u0000"',
      '=',
    ]) {
      assert.throws(() => parseChallenges(header), SyntaxError, header)
    }
  })

  it('of any text are read or refused, and end', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]{0,60}$/), (header) => {
        try {
          parseChallenges(header)
        } catch (error) {
          assert.ok(error instanceof SyntaxError)
        }
      }),
    )
  })
})
