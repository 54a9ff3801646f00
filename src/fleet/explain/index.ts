export {
  explainDrift,
  type ApiDrift,
  type Drift,
  type FindArtifact,
  type WantedArtifact,
} from './explain-drift.ts'
export type { InputChange } from './input-changes.ts'
export type { ReleaseFact, Standing } from './standing.ts'
