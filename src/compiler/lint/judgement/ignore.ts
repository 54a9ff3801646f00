import type { Finding, Location } from '../../../domain/index.ts'

/** The wish of an author that findings of one rule are left out in one place. */
export interface Ignore {
  readonly rule: string
  /** Undefined where the author gave none. */
  readonly reason: string | undefined
  /** Where it is written. */
  readonly at: Location
  readonly covers: (finding: Finding) => boolean
}
