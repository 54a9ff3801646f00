import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { checkPredicate, type Declarations } from '../../../src/predicate/index.ts'

const declarations: Declarations = {
  'request.method': { type: 'string', summary: '' },
  'request.headers': { type: { map: ['string', 'string'] }, summary: '' },
  'request.size': { type: 'int', summary: '' },
  claims: { type: { map: ['string', 'dyn'] }, summary: '' },
  groups: { type: { list: 'string' }, summary: '' },
}

/** `line:column message (hint)` of each issue. */
function issues(source: string): readonly string[] {
  const checked = checkPredicate(source, declarations)
  if (checked.ok) return []
  return checked.issues.map(({ line, column, message, hint }) => `${line}:${column} ${message} (${hint})`)
}

function one(source: string): string {
  const found = issues(source)
  assert.equal(found.length, 1, `${source}: ${found.join('; ')}`)
  return found[0] as string
}

describe('checkPredicate', () => {
  it('accepts what has a value for some data', () => {
    for (const source of [
      'request.method == "GET"',
      'request.method in ["GET", "HEAD"] && request.size < 1024',
      '"x-tenant" in request.headers && request.headers["x-tenant"].startsWith("t-")',
      'claims.roles.exists(role, role == "admin")',
      'groups.all(group, group.matches("^[a-z]+$"))',
      'has(claims.level) ? claims.level >= 3 : false',
      'size(groups) > 0 || groups == []',
    ]) {
      assert.deepEqual(issues(source), [], source)
    }
  })

  it('places a syntax error at the token that is wrong', () => {
    assert.match(one('request.method =='), /^1:18 /)
    assert.match(one('request.method == "GET'), /^1:19 /)
    assert.match(one('true &&\n  (1 < 2'), /^2:9 /)
    assert.match(one('groups.exists(1, true)'), /^1:15 exists\(\) takes the name of a variable first/)
    assert.match(one('while == 1'), /^1:1 `while` is a reserved word/)
  })

  it('names the variable that was meant', () => {
    assert.match(one('request.methd == "GET"'), /^1:9 .*`request\.methd`.*Did you mean `request\.method`\?/)
    assert.match(one('group.size() == 1'), /Did you mean `groups`\?/)
    assert.match(
      one('request == 1'),
      /^1:1 `request` has no value of its own \(Name one of its fields: `request\.method`/,
    )
  })

  it('refuses operands that no function takes, at the operator', () => {
    assert.match(one('request.size + "1" == "2"'), /^1:14 `\+` does not take \(int, string\)/)
    assert.match(one('request.method.startsWith(1)'), /^1:16 `startsWith` does not take \(string, int\)/)
    assert.match(one('request.size'), /gives a int, not a bool/)
    assert.match(one('request.method && true'), /^1:9 expected a bool, found string/)
  })

  it('refuses comparisons that are never true', () => {
    assert.match(one('request.size == "1"'), /^1:14 a int is never equal to a string/)
    assert.match(one('request.method in [1, 2]'), /never equal/)
  })

  it('refuses functions, methods and message types that there are not', () => {
    assert.match(one('request.method.beginsWith("G")'), /there is no method `beginsWith`/)
    assert.match(one('lower(request.method) == "get"'), /there is no function `lower`/)
    assert.match(one('startsWith(request.method, "G")'), /It is a method: `x\.startsWith\(…\)`/)
    assert.match(one('Foo{a: 1} == 1'), /there is no message type `Foo`/)
  })

  it('refuses patterns that are none of RE2, such as look-arounds', () => {
    assert.match(one('request.method.matches("(?=G)")'), /^1:24 not a regular expression of RE2/)
    assert.match(one('request.method.matches("(")'), /not a regular expression of RE2/)
  })

  it('reports every fault of an expression', () => {
    assert.equal(issues('request.methd == "GET" && request.size == "1"').length, 2)
  })

  it('refuses what nests deeply or is long without using up the stack', () => {
    assert.match(one(`${'('.repeat(5000)}true${')'.repeat(5000)}`), /nests too deeply/)
    assert.match(one(`${'!'.repeat(5000)}true`), /nests too deeply/)
    assert.match(one(`true${' && true'.repeat(5000)}`), /too long/)
  })
})
