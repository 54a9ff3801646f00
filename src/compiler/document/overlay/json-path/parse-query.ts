import { parseInteger, parseLiteral, parseText } from './parse-literal.ts'
import {
  isSingular,
  operators,
  type Comparable,
  type Query,
  type Segment,
  type Selector,
  type Test,
} from './query.ts'
import { createScanner, type Scanner } from './scanner.ts'

/** Longer queries are refused, so that the nesting of filters is bounded. */
const MAX_LENGTH = 2000

/**
 * Parses a JSONPath (RFC 9535 §2) strictly: names, wildcards, indices, slices, unions, descendants, and filters with
 * comparisons and existence tests. Functions are refused.
 *
 * @throws {PathSyntaxError} saying what is wrong, and at which character.
 */
export function parseQuery(text: string): Query {
  const scanner = createScanner(text)
  if (text.length > MAX_LENGTH) scanner.fail(`It is longer than ${MAX_LENGTH} characters`)
  scanner.expect('$')
  const query: Query = { from: '$', segments: parseSegments(scanner) }
  return scanner.isAtEnd() ? query : scanner.fail('Nothing of JSONPath begins here')
}

function parseSegments(scanner: Scanner): readonly Segment[] {
  const segments: Segment[] = []
  for (;;) {
    // Space may stand between segments, not after the last one; a filter skips what follows by itself.
    const isNext = scanner.match(/[ \t\n\r]*(?=[.[])/y) !== undefined
    if (!isNext) return segments
    segments.push(parseSegment(scanner))
  }
}

function parseSegment(scanner: Scanner): Segment {
  const isDescendant = scanner.take('..')
  if (scanner.take('[')) return { isDescendant, selectors: parseSelectors(scanner) }
  if (!isDescendant) scanner.expect('.')
  if (scanner.take('*')) return { isDescendant, selectors: [{ kind: 'wildcard' }] }
  const name = scanner.match(/[A-Za-z_\u0080-\u{10ffff}][\w\u0080-\u{10ffff}]*/uy)
  if (name === undefined)
    return scanner.fail("A name with other characters is written in brackets, as in ['/books']")
  return { isDescendant, selectors: [{ kind: 'name', name }] }
}

function parseSelectors(scanner: Scanner): readonly Selector[] {
  const selectors: Selector[] = []
  do {
    scanner.skipSpace()
    selectors.push(parseSelector(scanner))
    scanner.skipSpace()
  } while (scanner.take(','))
  scanner.expect(']')
  return selectors
}

function parseSelector(scanner: Scanner): Selector {
  if (scanner.take('*')) return { kind: 'wildcard' }
  if (scanner.take('?')) {
    scanner.skipSpace()
    return { kind: 'filter', test: parseOr(scanner) }
  }
  const name = parseText(scanner)
  if (name !== undefined) return { kind: 'name', name }
  const start = parseInteger(scanner)
  const isSlice = scanner.match(/[ \t\n\r]*:/y) !== undefined
  if (!isSlice)
    return start === undefined ? scanner.fail('A selector is expected') : { kind: 'index', index: start }
  scanner.skipSpace()
  const end = parseInteger(scanner)
  const hasStep = scanner.match(/[ \t\n\r]*:/y) !== undefined
  scanner.skipSpace()
  return { kind: 'slice', start, end, step: (hasStep ? parseInteger(scanner) : undefined) ?? 1 }
}

function parseOr(scanner: Scanner): Test {
  const tests = [parseAnd(scanner)]
  while (scanner.match(/[ \t\n\r]*\|\|[ \t\n\r]*/y) !== undefined) tests.push(parseAnd(scanner))
  return tests.length === 1 && tests[0] !== undefined ? tests[0] : { kind: 'or', tests }
}

function parseAnd(scanner: Scanner): Test {
  const tests = [parseBasic(scanner)]
  while (scanner.match(/[ \t\n\r]*&&[ \t\n\r]*/y) !== undefined) tests.push(parseBasic(scanner))
  return tests.length === 1 && tests[0] !== undefined ? tests[0] : { kind: 'and', tests }
}

function parseBasic(scanner: Scanner): Test {
  const isNot = scanner.match(/![ \t\n\r]*/y) !== undefined
  const test = parseGroup(scanner) ?? parseComparison(scanner, isNot)
  return isNot ? { kind: 'not', test } : test
}

function parseGroup(scanner: Scanner): Test | undefined {
  if (!scanner.take('(')) return undefined
  scanner.skipSpace()
  const test = parseOr(scanner)
  scanner.skipSpace()
  scanner.expect(')')
  return test
}

function parseComparison(scanner: Scanner, isNegated: boolean): Test {
  const left = parseComparable(scanner)
  const space = scanner.match(/[ \t\n\r]*(?=[=!<>])/y)
  const operator = space === undefined ? undefined : operators.find((text) => scanner.take(text))
  if (operator === undefined) {
    return 'query' in left ? { kind: 'exists', query: left.query } : scanner.fail('A comparison is expected')
  }
  if (isNegated) scanner.fail('A comparison that is negated stands in parentheses')
  scanner.skipSpace()
  const right = parseComparable(scanner)
  for (const side of [left, right]) {
    if ('query' in side && !isSingular(side.query))
      scanner.fail('A comparison needs a path to one value on each side')
  }
  return { kind: 'compare', operator, left, right }
}

function parseComparable(scanner: Scanner): Comparable {
  const literal = parseLiteral(scanner)
  if (literal !== undefined) return literal
  const from = scanner.take('@') ? '@' : scanner.take('$') ? '$' : undefined
  if (from !== undefined) return { query: { from, segments: parseSegments(scanner) } }
  const name = scanner.match(/[a-z][a-z0-9_]*(?=\()/y)
  if (name !== undefined) return scanner.fail(`The function \`${name}\` is not supported by this version`)
  return scanner.fail('A value, `@` or `$` is expected')
}
