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
export { lintSettingsOf, type LintSettings } from './lint-settings.ts'
export { configProblems } from './problems.ts'
export { specPathOf } from './spec-path.ts'
export type { RemotePlugin } from './read-plugin-source.ts'
export { parseRelease } from './release/parse-release.ts'
export { printedRelease, printRelease, type PrintedRelease } from './release/print-release.ts'
export type { Release } from './release/release.ts'
