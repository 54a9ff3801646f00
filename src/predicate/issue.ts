/** What is wrong with a predicate, where in its text (an offset in UTF-16 units; line and column from 1), and how to correct it. */
export interface PredicateIssue {
  readonly message: string
  readonly hint: string
  readonly offset: number
  readonly line: number
  readonly column: number
}

/** The predicate cannot be used; the issues say why. */
export class PredicateError extends Error {
  override readonly name = 'PredicateError'
  readonly issues: readonly PredicateIssue[]

  constructor(issues: readonly PredicateIssue[]) {
    super(issues.map(({ line, column, message }) => `${line}:${column} ${message}`).join('; '))
    this.issues = issues
  }
}
