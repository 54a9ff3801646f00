import { isMap, isScalar, LineCounter, parseDocument, type Document, type Node } from 'yaml'

import { formatPointer, type Finding, type Location } from '../domain/index.ts'

type Tokens = readonly (string | number)[]

/** A fault of a manifest, before it has a place. */
export interface Fault {
  readonly at: Tokens
  readonly part?: 'key' | 'value'
  readonly message: string
  readonly hint: string
}

/** The text of a manifest as plain data, and where everything in it stands. */
export interface ManifestDocument {
  readonly value: unknown
  readonly syntax: readonly Finding[]
  readonly locate: (tokens: Tokens, part?: 'key' | 'value') => Location
}

/** Parses YAML 1.2 with the core schema; a text that cannot be parsed has findings and the value undefined. */
export function parseManifestText(file: string, text: string): ManifestDocument {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    version: '1.2',
    merge: false,
    logLevel: 'silent',
  })
  const placeOf = (start: number, end: number) => {
    const [from, to] = [lines.linePos(start), lines.linePos(end)]
    return { file, line: from.line, col: from.col, endLine: to.line, endCol: to.col }
  }
  const syntax = document.errors.map(({ message, pos }): Finding => ({
    rule: 'config',
    severity: 'error',
    message: `The YAML cannot be read: ${(message.split('\n')[0] ?? '').replace(/ at line \d+.*$/, '')}`,
    hint: 'Correct the text at this place; look at indentation, quotes and keys that stand twice.',
    at: placeOf(pos[0], pos[1]),
  }))
  const locate = (tokens: Tokens, part: 'key' | 'value' = 'value') => {
    const [start, end] = rangeOf(document, tokens, part)
    return { ...placeOf(start, end), pointer: formatPointer(tokens) }
  }
  // 100 is the limit of the library; a manifest has no use for more.
  return { value: syntax.length > 0 ? undefined : toPlain(document), syntax, locate }
}

function toPlain(document: Document): unknown {
  return document.toJS({ maxAliasCount: 100 })
}

function rangeOf(document: Document, tokens: Tokens, part: 'key' | 'value'): readonly [number, number] {
  for (let length = tokens.length; length > 0; length -= 1) {
    const path = tokens.slice(0, length)
    const node = document.getIn(path, true) as Node | undefined
    const key = keyNode(document, path)
    const chosen = part === 'key' || !node?.range ? (key ?? node) : node
    if (chosen?.range) return [chosen.range[0], chosen.range[1]]
  }
  return [0, 0]
}

function keyNode(document: Document, path: Tokens): Node | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  if (!isMap(parent)) return undefined
  const pair = parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
  return isScalar(pair?.key) ? pair.key : undefined
}
