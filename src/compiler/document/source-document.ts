import { parsePointer, type Finding, type Location } from '../../domain/index.ts'
import { decodeText } from './decode-text.ts'
import { createLineIndex, type LineIndex } from './line-index.ts'
import { parseJson } from './parse-json.ts'
import { parseYaml } from './parse-yaml.ts'
import { scalarOffset } from './scalar-offset.ts'
import type { FindSpan } from './span.ts'
import type { SyntaxFault } from './syntax-fault.ts'
import { findUnsafeNumbers } from './unsafe-numbers.ts'

/** A parsed file of a project, with the place of every value in it. */
export interface SourceDocument {
  /** POSIX path relative to the project root. */
  readonly path: string
  readonly bytes: Uint8Array
  /** The text without a byte order mark. */
  readonly text: string
  readonly syntax: 'json' | 'yaml'
  readonly root: unknown
  /** False only where the word (of ASCII letters and signs) stands nowhere, so that nobody has to look for it. */
  readonly mentions: (word: string) => boolean
  /**
   * The place of the value (or of its key) that a JSON Pointer leads to; the nearest ancestor where it leads nowhere.
   * The first call indexes the whole text, so that documents without findings cost nothing.
   */
  readonly locate: (pointer: string, part?: 'key' | 'value') => Location
  /**
   * The place of one character of a text, which is told by its offset in UTF-16 units; undefined where the text is not
   * written there, as at an alias.
   */
  readonly locateIn: (pointer: string, text: string, offset: number) => Location | undefined
}

/** Reads the bytes of a file; a text that cannot be parsed gives findings and no document. */
export function readSource(
  path: string,
  bytes: Uint8Array,
): { readonly document: SourceDocument | undefined; readonly findings: readonly Finding[] } {
  const { text, faults } = decodeText(bytes)
  const syntax = syntaxOf(path, text)
  const parsed = syntax === 'json' ? parseJson(text) : parseYaml(text)
  const findings = toFindings(path, text, [...faults, ...parsed.faults])
  if (parsed.root === undefined) return { document: undefined, findings }
  const { value: root, finder, mayHaveUnsafeNumbers } = parsed.root
  const { document, written } = createDocument({ path, bytes, text, syntax, root }, finder)
  const unsafe = mayHaveUnsafeNumbers ? numberFindings(document, written) : []
  return { document, findings: [...findings, ...unsafe] }
}

function syntaxOf(path: string, text: string): 'json' | 'yaml' {
  if (/\.json$/i.test(path)) return 'json'
  if (/\.ya?ml$/i.test(path)) return 'yaml'
  return /^\s*[{[]/.test(text) ? 'json' : 'yaml'
}

interface IndexedDocument {
  readonly document: SourceDocument
  /** The text of the value that a pointer leads to. */
  readonly written: (pointer: string) => string
}

function createDocument(
  source: Omit<SourceDocument, 'locate' | 'locateIn' | 'mentions'>,
  finder: () => FindSpan,
): IndexedDocument {
  const { text } = source
  let index: { readonly find: FindSpan; readonly lineOf: LineIndex } | undefined
  const find = (pointer: string) => {
    index ??= { find: finder(), lineOf: createLineIndex(text) }
    return { ...index.find(parsePointer(pointer)), lineOf: index.lineOf }
  }
  const locate: SourceDocument['locate'] = (pointer, part = 'value') => {
    const { value, key, found, lineOf } = find(pointer)
    const span = (part === 'key' || !found ? key : undefined) ?? value
    const end = lineOf(span.end)
    return { file: source.path, ...lineOf(span.start), endLine: end.line, endCol: end.col, pointer }
  }
  const written = (pointer: string): string => {
    const { value } = find(pointer)
    return text.slice(value.start, value.end)
  }
  const locateIn: SourceDocument['locateIn'] = (pointer, scalar, offset) => {
    const within = scalarOffset(written(pointer), scalar, offset)
    if (within === undefined) return undefined
    const { value, lineOf } = find(pointer)
    return { file: source.path, ...lineOf(value.start + within), pointer }
  }
  return { document: { ...source, mentions: mentionsIn(text), locate, locateIn }, written }
}

function mentionsIn(text: string): SourceDocument['mentions'] {
  let hasEscapes: boolean | undefined
  // Letters can be escaped, in JSON and in quoted texts of YAML; a single character is looked for far faster.
  const isEscaped = () => (hasEscapes ??= text.includes('\\') && /\\(?:u00|U000000|x)[2-7]/.test(text))
  // Kept by word, because every reference asks again and a text can have megabytes.
  const known = new Map<string, boolean>()
  return (word) => {
    let isMentioned = known.get(word)
    if (isMentioned === undefined) known.set(word, (isMentioned = text.includes(word) || isEscaped()))
    return isMentioned
  }
}

function toFindings(file: string, text: string, faults: readonly SyntaxFault[]): readonly Finding[] {
  if (faults.length === 0) return []
  const lineOf = createLineIndex(text)
  return faults.map(({ severity, message, hint, start, end }) => {
    const at = { file, ...lineOf(start) }
    const to = lineOf(end ?? start)
    return {
      rule: 'syntax',
      code: 'E1002',
      severity,
      message,
      hint,
      at: end === undefined ? at : { ...at, endLine: to.line, endCol: to.col },
    }
  })
}

function numberFindings(document: SourceDocument, written: (pointer: string) => string): readonly Finding[] {
  return findUnsafeNumbers(document.root).flatMap(({ pointer, value }) => {
    const number = written(pointer)
    if (!Number.isFinite(value)) return [notJson(number, document.locate(pointer))]
    const isInteger = /^[-+]?\d+$/.test(number)
    const isRounded = isInteger && BigInt(number.replace('+', '')) !== BigInt(value)
    return isRounded ? [rounded(number, value, document.locate(pointer))] : []
  })
}

function notJson(written: string, at: Location): Finding {
  const message = `The number ${written} has no form in JSON`
  return { rule: 'syntax', code: 'E1002', severity: 'error', message, hint: 'Use a finite number.', at }
}

function rounded(written: string, value: number, at: Location): Finding {
  return {
    rule: 'syntax',
    code: 'E1002',
    severity: 'warning',
    message: `The integer ${written} cannot be held exactly and becomes ${BigInt(value)}`,
    hint: 'Stay within ±9007199254740991, or write it as a string.',
    at,
  }
}
