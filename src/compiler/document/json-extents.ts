import { MAX_DEPTH } from './yaml-options.ts'

/**
 * Where the objects and lists of a JSON text begin and end. They are numbered in the order in which they begin, so that
 * the first child of one is the next number.
 */
export interface JsonExtents {
  /** The offset of the brace or bracket that opens each. */
  readonly starts: Int32Array
  /** The offset behind the one that closes it. */
  readonly ends: Int32Array
  /** The number of the first that begins behind it. */
  readonly nexts: Int32Array
  readonly count: number
}

export interface ScannedJson {
  readonly extents: JsonExtents
  /** How many members are written, in all objects together. */
  readonly members: number
  /** True where a key is written with a backslash. */
  readonly hasEscapedKey: boolean
  /** Where nesting exceeds the limit; the scan ends there. */
  readonly tooDeepAt: number | undefined
}

/**
 * Scans a text that may be JSON once, without recursion. The extents say something only of a text that is JSON.
 */
export function scanJson(text: string): ScannedJson {
  const open = new Int32Array(MAX_DEPTH)
  let starts = new Int32Array(64 + (text.length >>> 7))
  let ends = new Int32Array(starts.length)
  let nexts = new Int32Array(starts.length)
  let count = 0
  let depth = 0
  let members = 0
  let hasEscapedKey = false
  let [stringStart, stringEnd, backslash] = [0, 0, -1]
  const finish = (tooDeepAt?: number): ScannedJson => ({
    extents: { starts, ends, nexts, count },
    members,
    hasEscapedKey,
    tooDeepAt,
  })
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit === QUOTE) {
      stringStart = index
      stringEnd = index = endOfString(text, index)
    } else if (unit === COLON) {
      members++
      // The string before a colon is a key; the next backslash is looked for once.
      if (backslash < stringStart) backslash = indexOrEnd(text, '\\', stringStart)
      if (backslash < stringEnd) hasEscapedKey = true
    } else if (unit === OPEN_BRACE || unit === OPEN_BRACKET) {
      if (depth === MAX_DEPTH) return finish(index)
      if (count === starts.length) {
        starts = doubled(starts)
        ends = doubled(ends)
        nexts = doubled(nexts)
      }
      starts[count] = index
      open[depth++] = count++
    } else if ((unit === CLOSE_BRACE || unit === CLOSE_BRACKET) && depth > 0) {
      const closed = open[--depth] as number
      ends[closed] = index + 1
      nexts[closed] = count
    }
  }
  return finish()
}

/** The offset of the quote that ends the string which begins at an offset, or the length of the text. */
export function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end === -1 ? text.length : end
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0
  while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++
  return backslashes % 2 === 1
}

function indexOrEnd(text: string, sought: string, from: number): number {
  const index = text.indexOf(sought, from)
  return index === -1 ? text.length : index
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2)
  larger.set(array)
  return larger
}

const QUOTE = 0x22
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
