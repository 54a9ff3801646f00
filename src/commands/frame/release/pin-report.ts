import { printedRelease, type PrintedRelease } from '../../../config/index.ts'
import type { Difference } from '../../../diff/index.ts'
import type { ProblemCode } from '../../../domain/index.ts'
import { isSamePin, type ReleaseCheck } from '../../../fleet/index.ts'
import type { ExaminedPin } from './examine-pin.ts'

/** What a change of a pin means, as results print it. */
export interface PinReport {
  readonly environment: string
  readonly change: 'first' | 'replaced' | 'removed' | 'none'
  readonly before: PrintedRelease | null
  readonly after: PrintedRelease | null
  /** In the order in which they are rolled out. */
  readonly nodes: readonly { readonly name: string; readonly wave: number }[]
  readonly checks: readonly {
    readonly name: ReleaseCheck['name']
    readonly status: ReleaseCheck['status']
    readonly outcome: string
    readonly code?: ProblemCode
  }[]
  /** Null where the two artifacts could not be compared, or there is one only. */
  readonly difference: Difference | null
}

export function pinReport({ change, checks, difference, identity }: ExaminedPin): PinReport {
  const { environment, before, after, nodes } = change
  return {
    environment: environment.name,
    change: kindOf(change),
    before: before === undefined ? null : printedRelease(before),
    after: after === undefined ? null : printedRelease({ ...after, identity }),
    nodes: nodes.map(({ name, wave }) => ({ name, wave })),
    checks: checks.map(({ name, status, outcome, problem }) => {
      return { name, status, outcome, ...(problem && { code: problem.code }) }
    }),
    difference: difference ?? null,
  }
}

function kindOf(change: ExaminedPin['change']): PinReport['change'] {
  const { before, after } = change
  if (isSamePin(before, after)) return 'none'
  if (after === undefined) return 'removed'
  return before === undefined ? 'first' : 'replaced'
}

/** RFC 3339 in UTC with whole seconds, as release files have it. */
export function printedTime(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z')
}
