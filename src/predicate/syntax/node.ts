import type { Value } from '../values/index.ts'

/** The comprehensions that the language has as macros. */
export type Macro = 'all' | 'exists' | 'exists_one' | 'map' | 'filter'

/** A part of an expression. `at` is where it stands in the source, in UTF-16 units, and `depth` how deep it nests. */
export type Node =
  | Literal
  | Identifier
  | Select
  | Index
  | Call
  | Logical
  | Conditional
  | ListNode
  | MapNode
  | MessageNode
  | Comprehension

interface Place {
  readonly at: number
  readonly depth: number
}

export interface Literal extends Place {
  readonly kind: 'literal'
  readonly value: Value
}

/** A name; with a leading dot it is never the variable of a macro. */
export interface Identifier extends Place {
  readonly kind: 'identifier'
  readonly name: string
  readonly isAbsolute: boolean
}

/** `operand.field`, or `has(operand.field)` where it is a test. */
export interface Select extends Place {
  readonly kind: 'select'
  readonly operand: Node
  readonly field: string
  readonly isTest: boolean
}

export interface Index extends Place {
  readonly kind: 'index'
  readonly operand: Node
  readonly index: Node
}

/** A function, a method (where there is a target) or an operator, which has the name `_+_`, `!_`, `@in`, …. */
export interface Call extends Place {
  readonly kind: 'call'
  readonly name: string
  readonly target: Node | undefined
  readonly operands: readonly Node[]
}

export interface Logical extends Place {
  readonly kind: 'and' | 'or'
  readonly terms: readonly Node[]
}

export interface Conditional extends Place {
  readonly kind: 'conditional'
  readonly condition: Node
  readonly yes: Node
  readonly no: Node
}

export interface ListNode extends Place {
  readonly kind: 'list'
  readonly elements: readonly Node[]
}

export interface MapNode extends Place {
  readonly kind: 'map'
  readonly entries: readonly (readonly [key: Node, value: Node])[]
}

/** `name{field: value}`: parsed, and refused, because predicates have no message types. */
export interface MessageNode extends Place {
  readonly kind: 'message'
  readonly name: string
}

export interface Comprehension extends Place {
  readonly kind: 'comprehension'
  readonly macro: Macro
  readonly variable: string
  readonly range: Node
  /** The condition of `map` with three arguments. */
  readonly filter: Node | undefined
  readonly body: Node
}
