import type { Type } from '../types/index.ts'
import type { Budget, Result, Value } from '../values/index.ts'

/** A function, method or operator with a fixed number of operands; the receiver of a method is the first. */
export interface FunctionDefinition {
  readonly name: string
  readonly style: 'function' | 'method' | 'both'
  readonly signatures: readonly Signature[]
  /** Undefined for operands of types that no signature has. */
  readonly apply: Apply
}

export interface Signature {
  readonly parameters: readonly Type[]
  readonly result: Type
}

/** The first two operands, null where there are fewer, and those beyond them. */
export type Apply = (budget: Budget, a: Value, b: Value, rest: readonly Value[]) => Result | undefined

export const NO_REST: readonly Value[] = []

/** `string string -> bool` as a signature. */
export function signature(parameters: readonly Type[], result: Type): Signature {
  return { parameters, result }
}
