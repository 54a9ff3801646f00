/** What a change means for the clients of an API. */
export type ChangeLevel = 'breaking' | 'risky' | 'safe'

/** The gravest first. */
export const changeLevels: readonly ChangeLevel[] = ['breaking', 'risky', 'safe']

/** The part of an API that a change is in. */
export type ChangeKind =
  | 'operation'
  | 'parameter'
  | 'body'
  | 'schema'
  | 'response'
  | 'security'
  | 'gateway'
  | 'plugin'
  | 'build'

/** What a kind of change is and what it means: one row of docs/reference/diff.md. */
export interface ChangeDefinition {
  readonly kind: ChangeKind
  readonly level: ChangeLevel
  /** Why the level is what it is, as a sentence. */
  readonly reason: string
}
