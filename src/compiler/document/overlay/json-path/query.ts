export type Literal = string | number | boolean | null

/** A JSONPath query (RFC 9535 §2.1): where it begins, and its segments. */
export interface Query {
  /** `$` is the document, `@` the value that a filter looks at. */
  readonly from: '$' | '@'
  readonly segments: readonly Segment[]
}

export interface Segment {
  /** `..`: of the value and of everything below it. */
  readonly isDescendant: boolean
  readonly selectors: readonly Selector[]
}

export type Selector =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'index'; readonly index: number }
  | {
      readonly kind: 'slice'
      readonly start: number | undefined
      readonly end: number | undefined
      readonly step: number
    }
  | { readonly kind: 'filter'; readonly test: Test }

export const operators = ['==', '!=', '<=', '>=', '<', '>'] as const

export type Operator = (typeof operators)[number]

export type Test =
  | { readonly kind: 'and' | 'or'; readonly tests: readonly Test[] }
  | { readonly kind: 'not'; readonly test: Test }
  | { readonly kind: 'exists'; readonly query: Query }
  | {
      readonly kind: 'compare'
      readonly operator: Operator
      readonly left: Comparable
      readonly right: Comparable
    }

export type Comparable = { readonly literal: Literal } | { readonly query: Query }

/** True where a query selects one value at most (RFC 9535 §2.3.5.1). */
export function isSingular({ segments }: Query): boolean {
  return segments.every(
    ({ isDescendant, selectors }) =>
      !isDescendant &&
      selectors.length === 1 &&
      (selectors[0]?.kind === 'name' || selectors[0]?.kind === 'index'),
  )
}
