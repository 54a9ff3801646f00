import { endOfString, type JsonExtents } from './json-extents.ts'
import type { DuplicateKey, FindSpan, Span } from './span.ts'

/** A value within an object or a list, with its number where it is one of those itself. */
interface Child extends Span {
  readonly key: Span | undefined
  readonly number: number | undefined
}

interface Listed {
  readonly children: ReadonlyMap<string, Child>
  readonly duplicates: readonly DuplicateKey[]
}

/**
 * Finds values in a text that is JSON: only the objects and lists on the way to a value are read, each once, and what
 * stands beside the way is jumped over.
 */
export function createJsonFinder(text: string, extents: JsonExtents): FindSpan {
  const known = new Map<number, Listed>()
  const whole = rootOf(text, extents)
  return (tokens) => {
    let at: Child = whole
    for (const token of tokens) {
      const { number } = at
      if (number === undefined) return { value: at, key: at.key, found: false }
      let listed = known.get(number)
      if (listed === undefined) known.set(number, (listed = list(text, extents, number)))
      const next = listed.children.get(token)
      if (next === undefined) return { value: at, key: at.key, found: false }
      at = next
    }
    return { value: at, key: at.key, found: true }
  }
}

/** The keys that are written again in the same object, in the order of the text. */
export function duplicatesInJson(text: string, extents: JsonExtents): readonly DuplicateKey[] {
  const numbers = Array.from({ length: extents.count }, (_, number) => number)
  const duplicates = numbers.flatMap((number) => list(text, extents, number).duplicates)
  return duplicates.toSorted((a, b) => a.start - b.start)
}

function rootOf(text: string, { count, starts, ends }: JsonExtents): Child {
  const start = skipSpace(text, 0)
  if (count > 0 && starts[0] === start) return { start, end: ends[0] as number, key: undefined, number: 0 }
  return { start, end: endOfScalar(text, start), key: undefined, number: undefined }
}

/** Reads one object or list; of two equal keys the last counts, as it does for the parser. */
function list(text: string, { starts, ends, nexts }: JsonExtents, number: number): Listed {
  const children = new Map<string, Child>()
  const duplicates: DuplicateKey[] = []
  const start = starts[number] as number
  const isObject = text[start] === '{'
  const last = (ends[number] as number) - 1
  let inner = number + 1
  let index = 0
  for (let at = skipSpace(text, start + 1); at < last; at = skipSpace(text, at)) {
    let key: Span | undefined
    let name = String(index++)
    if (isObject) {
      key = { start: at, end: endOfString(text, at) + 1 }
      name = text.slice(at + 1, key.end - 1)
      if (name.includes('\\')) name = JSON.parse(text.slice(at, key.end)) as string
      if (children.has(name)) duplicates.push({ key: name, ...key })
      at = skipSpace(text, text.indexOf(':', key.end) + 1)
    }
    const isNested = text[at] === '{' || text[at] === '['
    const end = isNested ? (ends[inner] as number) : endOfScalar(text, at)
    children.set(name, { start: at, end, key, number: isNested ? inner : undefined })
    if (isNested) inner = nexts[inner] as number
    // Behind a value there is a comma, or the end.
    at = skipSpace(text, end) + 1
  }
  return { children, duplicates }
}

function endOfScalar(text: string, start: number): number {
  if (text[start] === '"') return endOfString(text, start) + 1
  END.lastIndex = start
  return END.exec(text)?.index ?? text.length
}

const END = /[\s,\]}]/g

function skipSpace(text: string, from: number): number {
  let at = from
  for (;;) {
    const unit = text.charCodeAt(at)
    if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return at
    at++
  }
}
