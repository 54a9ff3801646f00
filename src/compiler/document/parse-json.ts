import { parseTree, printParseErrorCode, type ParseError } from 'jsonc-parser'

import { parseJson as readKeys } from '../../domain/index.ts'
import { createJsonFinder, duplicatesInJson } from './find-in-json.ts'
import { scanJson } from './json-extents.ts'
import { surveyJson } from './survey-json.ts'
import { duplicateKeyFault, tooDeepFault, type Parsed, type SyntaxFault } from './syntax-fault.ts'
import { MAX_DEPTH } from './yaml-options.ts'

/** Parses JSON (RFC 8259) at the speed of `JSON.parse`, and finds duplicate keys and nesting without limit as well. */
export function parseJson(text: string): Parsed {
  // Before anything recursive touches the text.
  const { tooDeepAt, members, hasEscapedKey, extents } = scanJson(text)
  if (tooDeepAt !== undefined) return { faults: [tooDeepFault(tooDeepAt, MAX_DEPTH)] }
  let value: unknown
  try {
    value = hasEscapedKey ? readKeys(text) : JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return { faults: [syntaxFault(text, error)] }
  }
  const survey = surveyJson(value)
  // A member that is written twice shows as a difference to the members of the parsed value.
  const duplicates = survey.members === members ? [] : duplicatesInJson(text, extents)
  return {
    root: {
      value,
      mayHaveUnsafeNumbers: survey.hasUnsafeNumber,
      finder: () => createJsonFinder(text, extents),
    },
    faults: duplicates.map(duplicateKeyFault),
  }
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
