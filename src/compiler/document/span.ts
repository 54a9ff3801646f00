/** A half-open range of UTF-16 offsets in a text. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Where reference tokens lead to in a text, and the key it stands under; the nearest ancestor where they lead nowhere. */
export type FindSpan = (tokens: readonly string[]) => {
  readonly value: Span
  readonly key: Span | undefined
  readonly found: boolean
}

/** A key that is written again in the same object. */
export interface DuplicateKey extends Span {
  readonly key: string
}
