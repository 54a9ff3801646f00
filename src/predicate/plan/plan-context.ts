import type { Scope } from '../names/index.ts'
import type { Node } from '../syntax/index.ts'
import type { Declarations } from '../types/index.ts'
import type { Value } from '../values/index.ts'
import type { Evaluate } from './frame.ts'

/** What planning knows: the variables, how to read them, and those of the macros around a node. */
export interface PlanContext {
  readonly declarations: Declarations
  readonly accessors: Readonly<Record<string, (subject: unknown) => Value | undefined>>
  readonly scope: Scope
  /** Plans a part of a node. */
  readonly plan: (node: Node, context: PlanContext) => Evaluate
}
