import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { planPredicate, PredicateError, type Decision, type Value } from '../../../src/predicate/index.ts'

const declarations = {
  data: { type: { map: ['string', 'dyn'] }, summary: '' },
  'request.path': { type: 'string', summary: '' },
  claims: { type: { map: ['string', 'dyn'] }, summary: '' },
} as const

interface Subject {
  readonly data?: Value
  readonly path?: string
}

const accessors = {
  data: (subject: Subject) => subject.data,
  'request.path': (subject: Subject) => subject.path,
  claims: () => undefined,
}

function decide(source: string, subject: Subject, costLimit?: number): Decision {
  const options = { declarations, accessors, ...(costLimit === undefined ? {} : { costLimit }) }
  return planPredicate<typeof declarations, Subject>(source, options)(subject)
}

function errorOf(source: string, subject: Subject, costLimit?: number): string {
  const decision = decide(source, subject, costLimit)
  assert.ok('error' in decision, `${source} gave a value`)
  const { message, line, column } = decision.error
  return `${line ?? '-'}:${column ?? '-'} ${message}`
}

describe('planPredicate', () => {
  it('takes whole numbers of JSON as int, so that they can be calculated with', () => {
    const data = JSON.parse('{"n": 245, "share": 0.5, "big": 9007199254740993}') as Value
    assert.deepEqual(decide('data.n + 1 == 246 && data.n % 2 == 1', { data }), { value: true })
    assert.deepEqual(decide('type(data.n) == int && type(data.share) == double', { data }), { value: true })
    assert.deepEqual(decide('data.share * 2.0 == 1', { data }), { value: true })
  })

  it('fails for data that is not there, and for attributes that are not, with the place', () => {
    assert.equal(errorOf('data.missing == 1', { data: {} }), '1:6 no such key: missing')
    assert.match(errorOf('true &&\n claims.sub == "x"', {}), /^2:\d+ there is no claims here/)
    assert.deepEqual(decide('has(data.missing) || has(claims.sub)', { data: {} }), { value: false })
  })

  it('lets a deciding term decide beside one that fails', () => {
    assert.deepEqual(decide('data.missing == 1 || true', { data: {} }), { value: true })
    assert.deepEqual(decide('data.missing == 1 && false', { data: {} }), { value: false })
    assert.match(errorOf('data.missing == 1 || false', { data: {} }), /no such key/)
  })

  it('fails where the value is no bool after all', () => {
    assert.match(errorOf('data.n', { data: { n: 1 } }), /gave a int, not a bool/)
  })

  it('reaches nothing of JavaScript through names', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      assert.match(errorOf(`data.${name} == 1`, { data: {} }), /no such key/)
      assert.deepEqual(decide(`has(data.${name})`, { data: {} }), { value: false })
      assert.deepEqual(decide(`"${name}" in data`, { data: {} }), { value: false })
    }
  })

  it('says no value of the data in an error', () => {
    const secret = 'hunter2'
    const message = errorOf('int(data.password) == 1', { data: { password: secret } })
    assert.ok(!message.includes(secret), message)
  })

  it('stops what costs more than the limit, whatever would absorb it', () => {
    const data = { list: Array.from({ length: 100 }, (_, index) => index) }
    const cubed = 'data.list.all(a, data.list.all(b, data.list.all(c, a + b + c >= 0)))'
    assert.equal(errorOf(cubed, { data }), '-:- the cost limit is exceeded')
    assert.equal(errorOf(`${cubed} || true`, { data }), '-:- the cost limit is exceeded')
    assert.deepEqual(decide(cubed, { data }, 20_000_000), { value: true })
  })

  it('charges for the length of texts and lists that functions handle', () => {
    const data = { text: 'a'.repeat(100_000), list: Array.from({ length: 5000 }, (_, index) => `${index}`) }
    for (const source of [
      'data.text.matches("(a+)+$")',
      'data.text.contains("b")',
      'data.text + data.text == ""',
      'data.list.join(",") == ""',
      'data.text.replace("a", "bb") == ""',
      '"x" in data.list',
      'data.list == data.list',
      'data.text.split("") == []',
    ]) {
      assert.equal(errorOf(source, { data }, 100), '-:- the cost limit is exceeded', source)
    }
  })

  it('cannot be made to grow a text without end', () => {
    const doubling = 'data.text + data.text'
    const source = `[1,2,3,4,5,6,7,8].map(a, [1,2,3,4,5,6,7,8].map(b, (${doubling}).size())).size() == 8`
    assert.equal(errorOf(source, { data: { text: 'a'.repeat(1_000_000) } }), '-:- the cost limit is exceeded')
  })

  it('matches in linear time: a pattern that makes backtracking engines explode', () => {
    const data = { text: `${'a'.repeat(5000)}!` }
    assert.deepEqual(decide('data.text.matches("^(a+)+$")', { data }), { value: false })
  })

  it('refuses an expression that is wrong, or whose text alone exceeds the limit', () => {
    assert.throws(() => decide('request.pth == "/"', {}), PredicateError)
    assert.throws(
      () => decide('true && true && true', {}, 2),
      /exceeds the cost limit of 2 whatever the data/,
    )
  })

  it('refuses data nested deeper than it compares', () => {
    const nest = (depth: number): Value => (depth === 0 ? 1 : [nest(depth - 1)])
    const data = { a: nest(5000), b: nest(5000) }
    assert.equal(errorOf('data.a == data.b', { data }), '-:- the data is nested too deeply')
  })
})
