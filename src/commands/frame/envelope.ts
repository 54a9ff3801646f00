import type { Problem } from '../../domain/index.ts'
import type { Warning } from '../../terminal/index.ts'

/** The one document of `--json`: `result` when the command could do its work, `problem` when it could not. */
export type Envelope<Result> = {
  /** True when the exit code is 0. */
  readonly ok: boolean
  readonly command: string
  readonly exit: number
  readonly warnings: readonly Warning[]
} & ({ readonly result: Result } | { readonly problem: Problem })

/** What is printed of an envelope: JSON with two spaces, as people read it and machines do not mind it. */
export function printEnvelope<Result>(envelope: Envelope<Result>): string {
  return JSON.stringify(envelope, undefined, 2)
}
