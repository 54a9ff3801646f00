import {
  isMap,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Alias,
  type Document,
  type Node,
} from 'yaml'

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
  if (syntax.length > 0) return { value: undefined, syntax, locate }
  const plain = toPlain(document)
  if ('value' in plain) return { value: plain.value, syntax, locate }
  const [start, end] = plain.alias
  const message = `The YAML cannot be read: ${plain.fault}`
  const hint = 'Write out what the alias stands for.'
  const finding: Finding = { rule: 'config', severity: 'error', message, hint, at: placeOf(start, end) }
  return { value: undefined, syntax: [finding], locate }
}

type Plain =
  | { readonly value: unknown }
  | { readonly fault: string; readonly alias: readonly [start: number, end: number] }

/** The data of a document, or the alias that has none: aliases are resolved only now. */
function toPlain(document: Document): Plain {
  try {
    // 100 is the limit of the library; a manifest has no use for more.
    return { value: document.toJS({ maxAliasCount: 100 }) }
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    const aliases: Alias[] = []
    visit(document, { Alias: (_, node) => void aliases.push(node) })
    const [start = 0, end = start] =
      (aliases.find((node) => node.resolve(document) === undefined) ?? aliases[0])?.range ?? []
    return { fault: error.message.replace(/ \(.*$/, '').toLowerCase(), alias: [start, end] }
  }
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

/** A fault in its place. */
export function findingOf({ at, part, message, hint }: Fault, document: ManifestDocument): Finding {
  return { rule: 'config', severity: 'error', message, hint, at: document.locate(at, part) }
}
