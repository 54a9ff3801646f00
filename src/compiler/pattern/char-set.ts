/** Code points as ranges, both ends included. */
export type CharSet = readonly (readonly [first: number, last: number])[]

const LAST = 0x10ffff

export const ANY: CharSet = [[0, LAST]]

const NEWLINES: CharSet = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
]
const DIGITS: CharSet = [[0x30, 0x39]]
const WORD: CharSet = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
]
const SPACE: CharSet = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]

/** `.` without the flag `s`. */
export const DOT: CharSet = complement(NEWLINES)

/** The classes that are written as a backslash and a letter (ECMA-262 §22.2.2.9). */
export const classEscapes: ReadonlyMap<string, CharSet> = new Map([
  ['d', DIGITS],
  ['D', complement(DIGITS)],
  ['w', WORD],
  ['W', complement(WORD)],
  ['s', SPACE],
  ['S', complement(SPACE)],
])

export function single(codePoint: number): CharSet {
  return [[codePoint, codePoint]]
}

/** What is in none of the ranges, which may overlap and need no order. */
export function complement(set: CharSet): CharSet {
  const result: [number, number][] = []
  let next = 0
  for (const [first, last] of set.toSorted(([a], [b]) => a - b)) {
    if (first > next) result.push([next, first - 1])
    next = Math.max(next, last + 1)
  }
  if (next <= LAST) result.push([next, LAST])
  return result
}

/** How far a Unicode property is looked up; enough to tell which classes have a character in common. */
const SAMPLED = 0x500

/** The members of a Unicode property (`\p{L}`) among the first scripts. @throws {SyntaxError} if there is none. */
export function propertySet(escape: string): CharSet {
  const pattern = new RegExp(`^${escape}$`, 'u')
  const points = Array.from({ length: SAMPLED }, (_, codePoint) => codePoint)
  return points.flatMap((point) => (pattern.test(String.fromCodePoint(point)) ? single(point) : []))
}
