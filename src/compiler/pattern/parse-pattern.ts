import { ANY, classEscapes, complement, DOT, propertySet, single, type CharSet } from './char-set.ts'
import type { PatternNode } from './syntax-tree.ts'

/** Nothing is said of longer patterns. */
const MAX_LENGTH = 2000

/**
 * Parses a regular expression of ECMA-262 that is known to be valid (with the flag `u`, or without any). Undefined where
 * it is too long, or has what depends on more than characters: back references.
 */
export function parsePattern(source: string): PatternNode | undefined {
  if (source.length > MAX_LENGTH) return undefined
  const cursor: Cursor = { source, at: 0 }
  const node = parseChoice(cursor)
  return node !== undefined && cursor.at === source.length ? node : undefined
}

interface Cursor {
  readonly source: string
  at: number
}

function accept(cursor: Cursor, text: string): boolean {
  if (!cursor.source.startsWith(text, cursor.at)) return false
  cursor.at += text.length
  return true
}

/** The text that a sticky expression matches here. */
function acceptMatch(cursor: Cursor, expression: RegExp): string | undefined {
  expression.lastIndex = cursor.at
  const text = expression.exec(cursor.source)?.[0]
  if (text !== undefined) cursor.at += text.length
  return text
}

function parseChoice(cursor: Cursor): PatternNode | undefined {
  const options: PatternNode[] = []
  do {
    const option = parseSequence(cursor)
    if (option === undefined) return undefined
    options.push(option)
  } while (accept(cursor, '|'))
  const [only] = options
  return options.length === 1 ? only : { type: 'choice', options }
}

function parseSequence(cursor: Cursor): PatternNode | undefined {
  const items: PatternNode[] = []
  while (cursor.at < cursor.source.length && !'|)'.includes(cursor.source.charAt(cursor.at))) {
    const atom = parseAtom(cursor)
    const item = atom === undefined ? undefined : parseQuantifier(cursor, atom)
    if (item === undefined) return undefined
    items.push(item)
  }
  return { type: 'sequence', items }
}

function parseQuantifier(cursor: Cursor, item: PatternNode): PatternNode {
  const text = acceptMatch(cursor, /(?:[*+?]|\{\d+(?:,\d*)?\})\??/y)
  if (text === undefined) return item
  const [, least = '', comma, most] = /^\{(\d+)(,(\d*))?\}/.exec(text) ?? []
  if (text.startsWith('*')) return { type: 'repeat', item, min: 0, max: Infinity }
  if (text.startsWith('+')) return { type: 'repeat', item, min: 1, max: Infinity }
  if (text.startsWith('?')) return { type: 'repeat', item, min: 0, max: 1 }
  const min = Number(least)
  const max = comma === undefined ? min : most === '' ? Infinity : Number(most)
  return { type: 'repeat', item, min, max }
}

function parseAtom(cursor: Cursor): PatternNode | undefined {
  if (accept(cursor, '^')) return { type: 'assertion', kind: 'start' }
  if (accept(cursor, '$')) return { type: 'assertion', kind: 'end' }
  if (accept(cursor, '.')) return { type: 'set', set: DOT }
  if (accept(cursor, '(')) return parseGroup(cursor)
  if (accept(cursor, '[')) return parseClass(cursor)
  if (accept(cursor, '\\b')) return { type: 'assertion', kind: 'boundary' }
  if (accept(cursor, '\\B')) return { type: 'assertion', kind: 'no-boundary' }
  const from = cursor.at
  const set = parseCharacter(cursor)
  return set === undefined ? undefined : setNode(set, cursor, from)
}

function parseGroup(cursor: Cursor): PatternNode | undefined {
  const opening = acceptMatch(cursor, /\?(?::|<?[=!]|<[^>=!]+>|[a-z]*(?:-[a-z]*)?:)/y) ?? ''
  const content = parseChoice(cursor)
  if (content === undefined || !accept(cursor, ')')) return undefined
  if (/^\?[=!]/.test(opening)) return { type: 'assertion', kind: 'ahead', content }
  if (/^\?<[=!]/.test(opening)) return { type: 'assertion', kind: 'behind', content }
  // Modifiers such as (?i:…) change what the characters mean.
  return opening === '' || opening === '?:' || opening.startsWith('?<') ? content : undefined
}

function parseClass(cursor: Cursor): PatternNode | undefined {
  const from = cursor.at
  const isNegated = accept(cursor, '^')
  const set: (readonly [number, number])[] = []
  while (!accept(cursor, ']')) {
    if (cursor.at >= cursor.source.length) return undefined
    const first = parseCharacter(cursor, true)
    if (first === undefined) return undefined
    const isRange = /^-[^\]]/.test(cursor.source.slice(cursor.at, cursor.at + 2)) && isSingle(first)
    if (!isRange) {
      set.push(...first)
      continue
    }
    cursor.at += 1
    const last = parseCharacter(cursor, true)
    if (last === undefined) return undefined
    if (isSingle(last)) set.push([first[0]?.[0] ?? 0, last[0]?.[0] ?? 0])
    else set.push(...first, ...single(0x2d), ...last)
  }
  return setNode(isNegated ? complement(set) : set, cursor, from)
}

function setNode(set: CharSet, { source, at }: Cursor, from: number): PatternNode {
  return /\\[pP]\{/.test(source.slice(from, at))
    ? { type: 'set', set, isSampled: true }
    : { type: 'set', set }
}

function isSingle(set: CharSet): boolean {
  const [range] = set
  return set.length === 1 && range !== undefined && range[0] === range[1]
}

const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, '0': 0 }

/** A character or an escape; undefined for back references. */
function parseCharacter(cursor: Cursor, isInClass = false): CharSet | undefined {
  if (!accept(cursor, '\\')) {
    const point = cursor.source.codePointAt(cursor.at) ?? 0
    cursor.at += String.fromCodePoint(point).length
    return single(point)
  }
  const hex = acceptMatch(cursor, /u\{[\da-fA-F]+\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}/y)
  if (hex !== undefined) return single(Number.parseInt(hex.replaceAll(/[^\da-fA-F]/g, ''), 16))
  const property = acceptMatch(cursor, /[pP]\{[^}]*\}/y)
  if (property !== undefined) return sampleProperty(`\\${property}`)
  const control = acceptMatch(cursor, /c[A-Za-z]/y)
  if (control !== undefined) return single(control.charCodeAt(1) % 32)
  const letter = String.fromCodePoint(cursor.source.codePointAt(cursor.at) ?? 0)
  cursor.at += letter.length
  if (isInClass && letter === 'b') return single(8)
  if (/[1-9k]/.test(letter)) return undefined
  return classEscapes.get(letter) ?? single(CONTROLS[letter] ?? letter.codePointAt(0) ?? 0)
}

function sampleProperty(escape: string): CharSet {
  try {
    return propertySet(escape)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    // Without the flag `u` it is the letter p and so on; any character is the careful answer.
    return ANY
  }
}
