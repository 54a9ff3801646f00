export {
  environmentOf,
  readDesiredState,
  type DesiredState,
  type DesiredStateRequest,
  type Pin,
} from './desired-state.ts'
export { fleetProblems } from './problems.ts'
export { readReleaseHistory, type ReleaseEntry, type ReleaseHistory } from './release-history.ts'
export { resolveRef, type ResolvedRef } from './resolve-ref.ts'
export {
  explainDrift,
  type ApiDrift,
  type Drift,
  type FindArtifact,
  type InputChange,
  type ReleaseFact,
  type Standing,
  type WantedArtifact,
} from './explain/index.ts'
export { exitOfFleet, type Desired, type FleetReport, type NodeReport } from './fleet-report.ts'
export type { Claims, Reason, Verdict } from './verdict.ts'
export { askByHttp, type ProbeHost, type ProbeOptions } from './probe/index.ts'
export { selectNodes, type NodeSelection } from './select-nodes.ts'
export { verifyFleet, type FleetFindings, type FleetRequest } from './verify-fleet.ts'
