import type { JsonValue } from '../../domain/index.ts'
import type { ReportSchemaFault, SchemaFault, SchemaPlace } from '../document/index.ts'
import type { DynamicScope } from './dynamic-scope.ts'

export type { ReportSchemaFault, SchemaFault, SchemaPlace }

/** The rules that a schema is read by: OpenAPI 3.0 has its own, later versions have those of JSON Schema 2020-12. */
export type Dialect = '3.0' | '2020-12'

/** Who sends the values of a schema: a client, or the service. */
export type Direction = 'request' | 'response'

/** Stands in a draft for the `$ref` to another one, until that has a name. */
export class DraftTarget {
  readonly key: string

  constructor(key: string) {
    this.key = key
  }
}

export type DraftValue = JsonValue | DraftTarget | readonly DraftValue[] | DraftObject
export interface DraftObject {
  readonly [keyword: string]: DraftValue
}

/** One schema as JSON Schema 2020-12, with references to other drafts. */
export interface Draft {
  /** Names the place and the context. */
  readonly key: string
  readonly place: SchemaPlace
  readonly schema: DraftObject | boolean
  /** The drafts that it refers to, in the order of the text; `inPlace` where they apply to the same value. */
  readonly uses: readonly DraftUse[]
  /** What follows from the schema and its place, from when it is first asked for. */
  readonly known: KnownOfDraft
}

interface KnownOfDraft {
  /** A canonical JSON text with gaps where the names of other drafts go. */
  printed?: PrintedDraft
  /** See {@link plainLevels}. */
  levels?: number
  /** What it is called in `$defs`, where nothing else is called so. */
  baseName?: string
}

/** One text more than keys, which are those of the drafts whose names stand between. */
export interface PrintedDraft {
  readonly texts: readonly string[]
  readonly keys: readonly string[]
}

export interface DraftUse {
  readonly key: string
  readonly inPlace: boolean
}

/** Takes what is found out about schemas while they are converted. */
export interface Findings {
  readonly report: ReportSchemaFault
  /** The patterns that the gateway must not match by backtracking, as the plan has them. */
  readonly guarded: Map<string, string | null>
}

/** What a schema is read with beside its own text; the same schema is converted once for each. */
export interface DraftContext {
  readonly dialect: Dialect
  readonly scope: DynamicScope
  /** Properties that a schema around it declares as of the other direction, and that it requires. */
  readonly hidden: readonly string[]
}

/** How a reference stands in a schema. */
export interface ReferenceUse {
  readonly keyword: '$ref' | '$dynamicRef'
  readonly scope: DynamicScope
  /** Properties that are not required of the value that the reference applies to. */
  readonly hidden: ReadonlySet<string>
}

/** Names the draft of the schema that a reference leads to; undefined where it leads nowhere. */
export type TargetOf = (from: SchemaPlace, ref: string, use: ReferenceUse) => string | undefined
