/** A fault of an expression's text. */
export class PredicateSyntaxError extends Error {
  override readonly name = 'PredicateSyntaxError'
  /** Where, in UTF-16 units from the start. */
  readonly at: number
  readonly hint: string

  constructor(message: string, at: number, hint: string) {
    super(message)
    this.at = at
    this.hint = hint
  }
}
