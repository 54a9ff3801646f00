import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import {
  canonicalJson,
  catalogue,
  compareFindings,
  comparePaths,
  equalsConstantTime,
  ExitCode,
  formatPointer,
  gitBlobId,
  gravest,
  inputPathFault,
  isAtLeast,
  isDigest,
  isProblemError,
  parsePointer,
  resolvePointer,
  type Finding,
  type JsonValue,
} from '../../../src/domain/index.ts'

describe('canonicalJson', () => {
  it('agrees with the example of RFC 8785 §3.2.2', () => {
    const input = `{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
      "string":"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}`
    const expected =
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    assert.equal(canonicalJson(JSON.parse(input)), expected)
  })

  it('orders members by UTF-16 code units and does not move integer keys', () => {
    assert.equal(canonicalJson({ '\u{1F600}': 1, '\uFF5E': 2, 10: 3, 9: 4 }), '{"10":3,"9":4,"😀":1,"～":2}')
  })

  it('keeps every JSON value and prints equal values alike', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        fc.pre(JSON.stringify(value).isWellFormed())
        const text = canonicalJson(value as JsonValue)
        assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)))
        assert.equal(canonicalJson(JSON.parse(text)), text)
      }),
    )
  })

  it('prints the members of every object in order, whatever order they come in and however many they are', () => {
    const isOrdered = (value: unknown): boolean => {
      if (typeof value !== 'object' || value === null) return true
      const names = Object.keys(value)
      // Names that are whole numbers come first in any object that was parsed.
      const written = names.filter((name) => !/^\d+$/.test(name))
      const isSorted = Array.isArray(value) || written.join('\n') === written.toSorted().join('\n')
      return isSorted && Object.values(value).every(isOrdered)
    }
    const names = fc.string({ minLength: 1, maxLength: 3 }).filter((name) => name !== '__proto__')
    const wide = fc.dictionary(names, fc.dictionary(names, fc.integer()), { maxKeys: 40 })
    fc.assert(
      fc.property(wide, (value) => {
        const backwards = Object.fromEntries(Object.entries(value).toReversed())
        const text = canonicalJson(value)
        assert.equal(canonicalJson(backwards), text)
        assert.ok(isOrdered(JSON.parse(text)), text)
      }),
    )
  })

  it('refuses what JSON cannot hold', () => {
    for (const value of [NaN, Infinity, '\ud800', undefined, { a: undefined }]) {
      assert.throws(() => canonicalJson(value as JsonValue), TypeError)
    }
  })
})

describe('gravest', () => {
  it('puts not verified before drift, inconclusive and findings', () => {
    assert.equal(gravest([3, 6, 5, 4]), ExitCode.notVerified)
    assert.equal(gravest([0, 3, 6]), ExitCode.inconclusive)
    assert.equal(gravest([0, 7]), ExitCode.environment)
    assert.equal(gravest([]), ExitCode.ok)
  })
})

describe('findings', () => {
  it('are ordered by place and compared by severity', () => {
    const at = (line: number): Finding => ({
      rule: 'r',
      severity: 'error',
      message: '',
      at: { file: 'a', line, col: 1 },
    })
    assert.deepEqual(
      [at(3), at(1), at(2)].toSorted(compareFindings).map((finding) => finding.at.line),
      [1, 2, 3],
    )
    assert.ok(isAtLeast('error', 'warning') && isAtLeast('info', 'info') && !isAtLeast('info', 'warning'))
  })
})

describe('JSON pointers', () => {
  it('survive a round trip and find their value', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (tokens) => {
        assert.deepEqual(parsePointer(formatPointer(tokens)), tokens)
      }),
    )
    assert.equal(resolvePointer({ 'a/b': [{ '~': 5 }] }, '/a~1b/0/~0'), 5)
    assert.equal(resolvePointer({ a: 1 }, '/toString'), undefined)
    assert.throws(() => parsePointer('a'), SyntaxError)
  })
})

describe('inputs', () => {
  it('are ordered by the bytes of their paths, not by UTF-16 units', () => {
    assert.deepEqual(['\u{1F600}', '\uFF5E', 'a'].toSorted(comparePaths), ['a', '\uFF5E', '\u{1F600}'])
    const path = fc.string({
      unit: fc.constantFrom('a', 'b', 'é', '\uD7FF', '\uFF5E', '\u{1F600}', '\u{1F601}'),
    })
    fc.assert(
      fc.property(path, path, (a, b) => {
        const bytes = Buffer.compare(Buffer.from(a), Buffer.from(b))
        assert.equal(Math.sign(comparePaths(a, b)), bytes)
      }),
    )
  })

  it('have paths that mean the same everywhere', () => {
    const good = ['barbacane.yaml', 'specs/é.yaml', '.barbacane/options.json']
    const bad = ['', '/a', 'a//b', './a', 'a/..', 'a\\b', 'a\nb', 'e\u0301.yaml', 'a\u007f']
    assert.deepEqual(good.map(inputPathFault), [undefined, undefined, undefined])
    for (const path of bad) assert.equal(typeof inputPathFault(path), 'string', JSON.stringify(path))
  })

  it('carry the blob id that git gives', () => {
    assert.equal(gitBlobId(Buffer.from('hello\n')), 'ce013625030ba8dba906f756967f9e9ca394464a')
  })
})

describe('problems', () => {
  const problems = catalogue({
    BCN_TEST_ONE: {
      exit: 2,
      message: ({ x }: { x: number }) => `x is ${x}`,
      hint: ({ x }: { x: number }) => `try ${x + 1}`,
    },
  })

  it('carry code, message, hint and cause, and know their codes', () => {
    const error = problems.BCN_TEST_ONE({ x: 1 }, { cause: 'why', at: { file: 'f', line: 1, col: 2 } })
    assert.ok(isProblemError(error))
    assert.deepEqual(error.problem, {
      code: 'BCN_TEST_ONE',
      message: 'x is 1',
      hint: 'try 2',
      exit: 2,
      at: { file: 'f', line: 1, col: 2 },
    })
    assert.equal(error.cause, 'why')
    assert.deepEqual([...problems], ['BCN_TEST_ONE'])
  })

  it('are told from other errors', () => {
    for (const other of [new Error('x'), null, 'BCN_TEST_ONE', {}]) assert.equal(isProblemError(other), false)
  })
})

describe('digests', () => {
  it('are recognised by form and compared without a leak of where they differ', () => {
    assert.ok(isDigest(`sha256:${'a'.repeat(64)}`))
    for (const bad of ['sha256:', `sha256:${'A'.repeat(64)}`, `sha512:${'a'.repeat(64)}`, 5])
      assert.ok(!isDigest(bad))
    assert.ok(equalsConstantTime('abc', 'abc') && !equalsConstantTime('abc', 'abcd'))
  })
})
