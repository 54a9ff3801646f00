import { parseTree, printParseErrorCode, type ParseError } from 'jsonc-parser'

import { outlineJson } from './outline-json.ts'
import { duplicateKeyFault, tooDeepFault, type Parsed, type SyntaxFault } from './syntax-fault.ts'
import { MAX_DEPTH } from './yaml-options.ts'

/** Parses JSON (RFC 8259) at the speed of `JSON.parse`, and finds duplicate keys and nesting without limit as well. */
export function parseJson(text: string): Parsed {
  const { tooDeepAt, members } = measureJson(text)
  if (tooDeepAt !== undefined) return { faults: [tooDeepFault(tooDeepAt, MAX_DEPTH)] }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return { faults: [syntaxFault(text, error)] }
  }
  const isUnique = countMembers(value) === members
  return { root: { value }, faults: isUnique ? [] : outlineJson(text).duplicates.map(duplicateKeyFault) }
}

/**
 * Counts the members written in a text that may be JSON and looks for the place where it is nested too deep, before
 * anything recursive touches it. A member written twice shows as a difference to the members of the parsed value.
 */
function measureJson(text: string): { tooDeepAt: number | undefined; members: number } {
  let depth = 0
  let members = 0
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit === QUOTE) index = endOfString(text, index)
    else if (unit === COLON) members++
    else if (unit === OPEN_BRACE || unit === OPEN_BRACKET) {
      depth++
      if (depth > MAX_DEPTH) return { tooDeepAt: index, members }
    } else if (unit === CLOSE_BRACE || unit === CLOSE_BRACKET) depth--
  }
  return { tooDeepAt: undefined, members }
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end === -1 ? text.length : end
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0
  while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++
  return backslashes % 2 === 1
}

function countMembers(root: unknown): number {
  let members = 0
  const pending = [root]
  while (pending.length > 0) {
    const value = pending.pop()
    if (typeof value !== 'object' || value === null) continue
    const children = Object.values(value)
    if (!Array.isArray(value)) members += children.length
    for (const child of children) if (typeof child === 'object' && child !== null) pending.push(child)
  }
  return members
}

function syntaxFault(text: string, error: SyntaxError): SyntaxFault {
  const errors: ParseError[] = []
  parseTree(text, errors, { disallowComments: true, allowTrailingComma: false })
  const first = errors[0]
  const what =
    first === undefined ? error.message : (EXPLAINED[printParseErrorCode(first.error)] ?? error.message)
  return {
    severity: 'error',
    message: `The JSON cannot be parsed: ${what}`,
    hint: 'Correct the text at this place; JSON has no comments, no trailing commas and only double quotes.',
    start: first?.offset ?? 0,
    end: first === undefined ? 0 : first.offset + first.length,
  }
}

const EXPLAINED: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this word is neither a value nor quoted',
  InvalidNumberFormat: 'this is not a number',
  PropertyNameExpected: 'a property name in double quotes is missing here',
  ValueExpected: 'a value is missing here',
  ColonExpected: 'a colon is missing here',
  CommaExpected: 'a comma is missing here',
  CloseBraceExpected: 'a closing brace is missing here',
  CloseBracketExpected: 'a closing bracket is missing here',
  EndOfFileExpected: 'something follows the end of the document',
  InvalidCommentToken: 'a comment is not allowed here',
  UnexpectedEndOfString: 'this string has no closing quote',
  UnexpectedEndOfNumber: 'this number is not complete',
  InvalidUnicode: 'this Unicode escape is not complete',
  InvalidEscapeCharacter: 'this escape does not exist in JSON',
  InvalidCharacter: 'a control character must be escaped',
}

const QUOTE = 0x22
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
