import type { Declarations, Type } from '../types/index.ts'

export interface Fault {
  readonly at: number
  readonly message: string
  readonly hint: string
}

/** What the check of a node gets: the variables, those of the macros around it, and where faults go. */
export interface CheckContext {
  readonly declarations: Declarations
  readonly scope: readonly { readonly name: string; readonly type: Type }[]
  readonly report: (fault: Fault) => void
}
