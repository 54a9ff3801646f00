import type { Location } from './location.ts'

export type Severity = 'error' | 'warning' | 'info'

export const severities: readonly Severity[] = ['error', 'warning', 'info']

/** One word instead of another. */
export interface WordFix {
  readonly from: string
  readonly to: string
}

/** What a lint rule says of one place in a document. */
export interface Finding {
  /** kebab-case rule id, e.g. `operation-id-unique`; its page is docs/reference/rules/<rule>.md. */
  readonly rule: string
  /** The code of Barbacane's own compiler for the same fault, e.g. `E1010`. */
  readonly code?: string
  readonly severity: Severity
  /** What was found, with the actual value. */
  readonly message: string
  /** How to fix it. */
  readonly hint?: string
  readonly at: Location
  /** A correction that is certain: in its place, the one word instead of the other. */
  readonly fix?: WordFix
}

/** True where the finding is at least as grave as the threshold. */
export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(threshold)
}

/** Orders findings by file, line, column, then rule, so that reports are the same on every machine. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    compareText(a.at.file, b.at.file) ||
    a.at.line - b.at.line ||
    a.at.col - b.at.col ||
    compareText(a.rule, b.rule) ||
    compareText(a.message, b.message)
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
