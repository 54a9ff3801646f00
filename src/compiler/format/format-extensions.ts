import { isScalar, LineCounter, parseDocument, visit, type Node, type Pair } from 'yaml'

import { normalPair } from './normal-pair.ts'

interface Edit {
  /** Lines from 0; the end is exclusive. */
  readonly from: number
  readonly to: number
  readonly lines: readonly string[]
}

/** Brings the values of all `x-barbacane-*` keys into the normal form, line by line; other lines stay. */
export function formatExtensions(text: string): string {
  if (!text.includes('x-barbacane-')) return text
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, merge: false, logLevel: 'silent' })
  if (document.errors.length > 0) return text
  const lines = text.split('\n')
  const edits: Edit[] = []
  visit(document, {
    Pair: (_, pair) => {
      if (!isExtension(pair)) return undefined
      const edit = editOf(pair, { text, lines, counter })
      if (edit !== undefined) edits.push(edit)
      return visit.SKIP
    },
  })
  for (const { from, to, lines: normal } of edits.toReversed()) lines.splice(from, to - from, ...normal)
  return lines.join('\n')
}

function isExtension(pair: Pair): boolean {
  return isScalar(pair.key) && typeof pair.key.value === 'string' && pair.key.value.startsWith('x-barbacane-')
}

interface Source {
  readonly text: string
  readonly lines: readonly string[]
  readonly counter: LineCounter
}

function editOf(pair: Pair, { text, lines, counter }: Source): Edit | undefined {
  const key = pair.key as Node
  const value = pair.value as Node | null
  if (!key.range || !value?.range) return undefined
  const start = counter.linePos(key.range[0])
  // Behind a comment the range of a value reaches to the indentation of the next key.
  const length = text.slice(key.range[0], value.range[1]).trimEnd().length
  const end = counter.linePos(Math.max(key.range[1], key.range[0] + length - 1))
  const [from, to] = [start.line - 1, end.line]
  const indent = start.col - 1
  const own = lines.slice(from, to)
  // What stands within a flow collection or behind a dash has no lines of its own.
  if (!/^ *$/.test(own[0]?.slice(0, indent) ?? '')) return undefined
  const normal = normalPair(own.map((line) => dedent(line, indent)))
  if (normal === undefined) return undefined
  const ending = own[0]?.endsWith('\r') === true ? '\r' : ''
  const made = normal.map((line) => (line === '' ? ending : ' '.repeat(indent) + line + ending))
  return made.join('\n') === own.join('\n') ? undefined : { from, to, lines: made }
}

function dedent(line: string, indent: number): string {
  return line.slice(/^ *$/.test(line.slice(0, indent)) ? indent : 0).replace(/\r$/, '')
}
