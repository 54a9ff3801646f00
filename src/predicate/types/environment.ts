import type { Value } from '../values/index.ts'
import type { Type } from './type.ts'

/** The variables of a predicate by name, which may have dots: `request.method` needs no object `request`. */
export type Declarations = Readonly<Record<string, VariableDeclaration>>

export interface VariableDeclaration {
  readonly type: Type
  /** One line for documentation. */
  readonly summary: string
}

/**
 * Reads each variable from whatever an evaluation is about; nothing is read that the predicate does not mention.
 * Undefined means that there is no such attribute here: `has()` is false, everything else fails.
 */
export type Accessors<D extends Declarations, Subject> = {
  readonly [Name in keyof D]: (subject: Subject) => Value | undefined
}
