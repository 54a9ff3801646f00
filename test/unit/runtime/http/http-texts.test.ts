import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { formatAddress, parseListenAddress } from '../../../../src/runtime/http/index.ts'
import { plainProblem, problemResponse } from '../../../../src/runtime/http/problem-response.ts'
import { parseRequestTarget } from '../../../../src/runtime/http/request-target.ts'
import { expectProblem } from '../../../support/expect-problem.ts'

describe('parseRequestTarget', () => {
  it('splits the origin form at the first question mark', () => {
    assert.deepEqual(parseRequestTarget('/a/b?c=?d', 'GET'), {
      path: '/a/b',
      query: 'c=?d',
      authority: undefined,
    })
    assert.deepEqual(parseRequestTarget('/', 'GET'), { path: '/', query: '', authority: undefined })
  })

  it('takes the absolute form for its path', () => {
    assert.deepEqual(parseRequestTarget('http://example.test:80/a?b', 'GET'), {
      path: '/a',
      query: 'b',
      authority: 'example.test:80',
    })
    assert.deepEqual(parseRequestTarget('HTTP://example.test', 'GET'), {
      path: '/',
      query: '',
      authority: 'example.test',
    })
    assert.deepEqual(parseRequestTarget('http://example.test?b', 'GET'), {
      path: '/',
      query: 'b',
      authority: 'example.test',
    })
  })

  it('knows the asterisk of OPTIONS only', () => {
    assert.deepEqual(parseRequestTarget('*', 'OPTIONS'), { path: '*', query: '', authority: undefined })
    assert.equal(parseRequestTarget('*', 'GET'), undefined)
  })

  it('refuses what has no one reading', () => {
    for (const target of ['/a#b', '/a b', '/é', '/a\t', 'example.test:443', 'http://u@host/a', ''])
      assert.equal(parseRequestTarget(target, 'GET'), undefined, target)
  })
})

describe('listen addresses', () => {
  it('are read and written', () => {
    for (const text of ['127.0.0.1:8080', '[::1]:0', 'localhost:65535'])
      assert.equal(formatAddress(parseListenAddress(text, '--listen')), text)
  })

  it('are refused where they are none', () => {
    for (const text of ['8080', ':8080', 'a:65536', '::1:80', 'http://a:80', 'a:b']) {
      const problem = expectProblem('BCN_SERVE_OPTION', () => parseListenAddress(text, '--listen'))
      assert.match(problem.message, /^--listen: /)
    }
  })
})

describe('problem documents', () => {
  it('have type, title and status, then what is special', () => {
    const { status, body } = problemResponse('payload-too-large', { detail: 'x' })
    assert.equal(status, 413)
    assert.deepEqual(Object.keys(JSON.parse(String(body))), ['type', 'title', 'status', 'detail'])
  })

  it('are made once where nothing is special', () => {
    assert.equal(plainProblem('not-found'), plainProblem('not-found'))
    assert.equal(JSON.parse(String(plainProblem('not-found').body)).type, 'urn:barbacane:error:not-found')
  })
})
