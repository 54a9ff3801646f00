export { bareProject } from './bare-project.ts'
export { findFleet, findProject } from './find-project.ts'
export {
  releasePathOf,
  type Environment,
  type Fleet,
  type FleetNode,
  type NodeTls,
  type Revocation,
  type SecretReference,
} from './fleet/fleet.ts'
export { addNode, revokeNode, type NewNode } from './fleet/edit-fleet.ts'
export { parseFleet } from './fleet/parse-fleet.ts'
export { nodePublicKey } from './fleet/public-key.ts'
export {
  findVerifyPolicy,
  loadProject,
  readLockedDocuments,
  readOverlayPaths,
  readRemotePlugins,
  type PluginSource,
  type Project,
  type RuleSetting,
} from './load-project.ts'
export { lockPathOf, type DocumentPin, type Lock } from './lock/lock.ts'
export { renderLock } from './lock/render-lock.ts'
export { time } from './kinds.ts'
export { lintSettingsOf, type LintSettings } from './lint-settings.ts'
export type { Fault } from './manifest-document.ts'
export { openMembers, type Kind, type Members } from './members.ts'
export { configProblems } from './problems.ts'
export { readOrRefuse } from './read-or-refuse.ts'
export { specPathOf } from './spec-path.ts'
export type { RemotePlugin } from './read-plugin-source.ts'
export { parseRelease } from './release/parse-release.ts'
export { printedRelease, printRelease, type PrintedRelease } from './release/print-release.ts'
export type { Release } from './release/release.ts'
