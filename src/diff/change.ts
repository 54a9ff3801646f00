import type { JsonValue } from '../domain/index.ts'
import type { ChangeKind, ChangeLevel } from './change-definition.ts'
import type { changeDefinitions } from './change-definitions.ts'

export type ChangeId = keyof typeof changeDefinitions

export interface Subject {
  /** `GET /books/{id}` as it is afterwards; null where the change belongs to no operation. */
  readonly operation: string | null
  /** JSON Pointer below the operation, e.g. `/parameters/query/limit/schema/maximum`, or below the artifact. */
  readonly pointer: string
}

/** One difference; null stands for what is not there. Secrets are masked. */
export interface Change {
  readonly id: ChangeId
  readonly kind: ChangeKind
  readonly subject: Subject
  readonly level: ChangeLevel
  readonly before: JsonValue
  readonly after: JsonValue
  readonly reason: string
}

/** How the parts of the comparison tell what they find; the pointer is relative to what they were given. */
export type Report = (id: ChangeId, pointer: string, values?: Values) => void

interface Values {
  readonly before?: JsonValue | undefined
  readonly after?: JsonValue | undefined
}
