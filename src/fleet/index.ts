export {
  environmentOf,
  pinOf,
  readDesiredState,
  type DesiredState,
  type DesiredStateRequest,
  type Pin,
} from './desired-state.ts'
export { fleetProblems } from './problems.ts'
export { readReleaseHistory, type ReleaseEntry, type ReleaseHistory } from './release-history.ts'
export { releaseProblems } from './release-problems.ts'
export { commitRelease, type ReleaseCommit } from './release/commit-release.ts'
export {
  judgeRelease,
  refusalOf,
  refuseOtherBuild,
  type ClientChanges,
  type Judging,
  type ReleaseCheck,
  type ReleaseFacts,
} from './release/judge-release.ts'
export { openBranch, type OpenBranch } from './release/open-branch.ts'
export { readPinChanges, type PinChanges, type PlannedChange } from './release/read-pin-changes.ts'
export { isSamePin, planPin, type PinChange } from './release/pin-change.ts'
export { findPastRelease } from './release/find-past-release.ts'
export { actionOf, type ReleaseAction } from './release/release-message.ts'
export { namedRelease, previousRelease, type PastRelease } from './release/rollback-target.ts'
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
export type { Desired, FleetReport, NodeReport } from './fleet-report.ts'
export type { Claims, Reason, Verdict } from './verdict.ts'
export { askByHttp, type ProbeHost, type ProbeOptions } from './probe/index.ts'
export { selectNodes, type NodeSelection } from './select-nodes.ts'
export { verifyFleet, type FleetFindings, type FleetRequest } from './verify-fleet.ts'
export {
  parseWebhookSecret,
  readWatchState,
  renderWatchMetrics,
  watchFleet,
  writeWatchState,
  type Alert,
  type Post,
  type WatchCounts,
  type WatchEvent,
  type WatchState,
  type Webhook,
} from './watch/index.ts'
export {
  applyReleaseVerifications,
  exitOfVerified,
  type ReleaseVerification,
} from './release-verification.ts'
