import type { JsonObject, JsonValue } from '../../domain/index.ts'
import type { Report } from '../change.ts'

/** What the comparison of one keyword may use. */
export interface Comparison {
  readonly report: Report
  /** Compares two parts and reports what differs below a pointer; undefined accepts anything. */
  readonly compare: (before: JsonValue | undefined, after: JsonValue | undefined, pointer: string) => void
  /** True where two parts say the same; nothing is reported. */
  readonly isSame: Question
  /** True where the second part is known to accept all that the first does; nothing is reported. */
  readonly isWider: Question
  /** True where a part of the schema of one side has nothing but annotations. */
  readonly isAnything: (side: 'before' | 'after', part: JsonValue | undefined) => boolean
  /** True where the branches of the new schema exclude each other. */
  readonly areDisjoint: (branches: readonly JsonValue[]) => boolean
  /** True where values are read from text by their type, as parameters are. */
  readonly isText: boolean
}

type Question = (before: JsonValue | undefined, after: JsonValue | undefined) => boolean

/** One part of a schema before and after, with references followed. */
export interface Pair {
  readonly before: JsonObject
  readonly after: JsonObject
  readonly pointer: string
}

/** Compares the keywords that a group of keywords depends on each other in. */
export type KeywordComparison = (pair: Pair, comparison: Comparison) => void
