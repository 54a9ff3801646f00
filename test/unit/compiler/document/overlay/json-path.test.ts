import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import {
  parseQuery,
  PathCostError,
  PathSyntaxError,
  select,
} from '../../../../../src/compiler/document/overlay/json-path/index.ts'
import { growTree, plainOf } from '../../../../../src/compiler/document/tree.ts'
import { readSource } from '../../../../../src/compiler/document/index.ts'
import { isObject } from '../../../../../src/domain/index.ts'

const { document } = readSource('a.json', Buffer.from('{}'))
assert.ok(document)
const origin = { document, pointer: '' }

function find(path: string, value: unknown): readonly unknown[] {
  return select(parseQuery(path), growTree(value, origin)).map(({ node }) => plainOf(node))
}

const sample = {
  list: [0, 1, 2, 3, 4],
  books: [
    { title: 'a', price: 5, tags: ['x', 'y'] },
    { title: 'b', price: 12, isbn: '1' },
    { title: 'c', price: 9, isbn: null },
  ],
  'a b': { "it's": { '☺': true } },
  limit: 10,
}

describe('a JSONPath', () => {
  const cases: readonly (readonly [string, readonly unknown[]])[] = [
    ['$', [sample]],
    ['$.limit', [10]],
    ["$['limit']", [10]],
    ['$["a b"]["it\'s"].☺', [true]],
    ["$['a b']['it\\'s']['\\u263a']", [true]],
    ['$.nothing', []],
    ['$.list[1]', [1]],
    ['$.list[-2]', [3]],
    ['$.list[-9]', []],
    ['$.list[9]', []],
    ['$.limit[0]', []],
    ['$.list[1:3]', [1, 2]],
    ['$.list[ : 2 ]', [0, 1]],
    ['$.list[-2:]', [3, 4]],
    ['$.list[::2]', [0, 2, 4]],
    ['$.list[::-2]', [4, 2, 0]],
    ['$.list[3:0:-1]', [3, 2, 1]],
    ['$.list[::0]', []],
    ['$.list[0, 2, 0]', [0, 2]],
    ['$.books.*.title', ['a', 'b', 'c']],
    ['$.books[*] .price', [5, 12, 9]],
    ['$..title', ['a', 'b', 'c']],
    ['$..[0]', [0, sample.books[0], 'x']],
    ['$.books..*', [...sample.books, 'a', 5, ['x', 'y'], 'x', 'y', 'b', 12, '1', 'c', 9, null]],
    ['$.books[?@.isbn].title', ['b', 'c']],
    ['$.books[?!@.isbn].title', ['a']],
    ['$.books[?@.price < $.limit].title', ['a', 'c']],
    ['$.books[?@.price>=9 && @.isbn==null].title', ['c']],
    ['$.books[?(@.price <= 5 || @.isbn == "1")].title', ['a', 'b']],
    ["$.books[?!(@.title == 'a')].title", ['b', 'c']],
    ['$.books[?@.isbn != null].title', ['a', 'b']],
    ['$.books[?@.nothing == @.neither].title', ['a', 'b', 'c']],
    ['$.books[?@.tags[?@ == "y"]].title', ['a']],
    ['$.books[?@.tags == @["tags"]].title', ['a', 'b', 'c']],
    ['$.books[?@.title > "a"].title', ['b', 'c']],
    ['$.books[?@.price > "a"].title', []],
    ['$.list[?@ > 1.5e0]', [2, 3, 4]],
    ['$[?@ == true]', []],
  ]
  for (const [path, expected] of cases) {
    it(`selects with ${path}`, () => assert.deepEqual(find(path, sample), expected))
  }

  it('compares objects and lists by what they hold', () => {
    const value = { a: { x: [1, { y: 2 }] }, b: { x: [1, { y: 2 }] }, c: { x: [1, { y: 3 }] } }
    assert.deepEqual(find('$[?@ == $.a]', value), [value.a, value.b])
  })

  const refused: readonly (readonly [string, RegExp])[] = [
    ['', /`\$` is expected \(character 1\)/],
    ['paths', /`\$` is expected/],
    ['$.', /A name with other characters/],
    ['$.paths./books', /in brackets.*\(character 9\)/],
    ['$.x-a', /Nothing of JSONPath begins here \(character 4\)/],
    ['$ ', /Nothing of JSONPath/],
    ['$[', /A selector is expected/],
    ['$[]', /A selector is expected/],
    ['$[01]', /no integer of JSONPath/],
    ['$[-0]', /no integer of JSONPath/],
    ['$[9007199254740992]', /too large/],
    ['$[1', /`\]` is expected/],
    ["$['a]", /does not end/],
    ["$['\\q']", /The escape is unknown/],
    ["$['\\ud800']", /The escape is unknown/],
    ['$[?length(@) > 1]', /The function `length` is not supported/],
    ['$[?@.* == 1]', /a path to one value/],
    ['$[?@..a == 1]', /a path to one value/],
    ['$[?1]', /A comparison is expected/],
    ['$[?!@.a == 1]', /stands in parentheses/],
    ['$[?@.a == x]', /A value, `@` or `\$` is expected/],
    ['$[?(@.a]', /`\)` is expected/],
    ['$[?@.a = 1]', /`\]` is expected/],
    [`$${'.a'.repeat(1001)}`, /longer than/],
  ]
  for (const [path, reason] of refused) {
    it(`is refused: ${path.slice(0, 40)}`, () => {
      assert.throws(
        () => parseQuery(path),
        (error) => error instanceof PathSyntaxError && reason.test(error.message),
      )
    })
  }

  it('that looks through everything for everything is stopped', () => {
    const wide = { list: Array.from({ length: 20_000 }, (_, index) => ({ index })) }
    assert.throws(() => find('$.list[?$.list[?@.index == -1]]', wide), PathCostError)
  })

  it('selects each value once', () => {
    assert.equal(find('$..*..*', { a: { b: { c: 1 } } }).filter(isObject).length, 1)
  })
})
