export { parseUpstreamUrl, tlsOf } from './parse-targets.ts'
export type { TargetGroup } from './target-group.ts'
export { createTargetGroups, type GroupStatus, type TargetGroups } from './target-groups.ts'
export type { Target } from './target.ts'
