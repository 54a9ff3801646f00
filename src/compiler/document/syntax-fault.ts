import type { Severity } from '../../domain/index.ts'
import type { DuplicateKey, FindSpan } from './span.ts'

/** Something wrong with the text itself, at an offset. */
export interface SyntaxFault {
  readonly severity: Severity
  readonly message: string
  readonly hint: string
  readonly start: number
  readonly end?: number
}

/** What parsing made of a text; without `root` it could not be read at all. */
export interface Parsed {
  readonly root?: ParsedRoot
  readonly faults: readonly SyntaxFault[]
}

interface ParsedRoot {
  readonly value: unknown
  /** False where every number is known to be held exactly. */
  readonly mayHaveUnsafeNumbers: boolean
  /** Makes what finds the values in the text: worth its time only for a document with findings. */
  readonly finder: () => FindSpan
}

export function duplicateKeyFault(duplicate: DuplicateKey): SyntaxFault {
  return {
    severity: 'error',
    message: `The key ${JSON.stringify(duplicate.key)} stands twice in the same object`,
    hint: 'Rename or remove one of the two; parsers disagree on which of them counts.',
    start: duplicate.start,
    end: duplicate.end,
  }
}

export function tooDeepFault(start: number, limit: number): SyntaxFault {
  return {
    severity: 'error',
    message: `The document is nested more than ${limit} levels deep`,
    hint: 'Flatten it, or move inner schemas to components and refer to them by $ref.',
    start,
  }
}
