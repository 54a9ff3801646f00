export {
  environmentOf,
  readDesiredState,
  type DesiredState,
  type DesiredStateRequest,
  type Pin,
} from './desired-state.ts'
export { readReleaseHistory, type ReleaseEntry, type ReleaseHistory } from './release-history.ts'
export { resolveRef, type ResolvedRef } from './resolve-ref.ts'
