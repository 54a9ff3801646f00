import type { Value } from '../values/index.ts'

/**
 * A word of an expression. `sign` is an operator or bracket, `name` an identifier or keyword, `quoted` a field name in
 * backquotes; a literal carries its value.
 */
export interface Token {
  readonly kind: 'sign' | 'name' | 'quoted' | 'literal' | 'end'
  readonly text: string
  readonly value: Value
  readonly start: number
  readonly end: number
}
