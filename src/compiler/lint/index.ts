export {
  compareWithBaseline,
  createBaseline,
  parseBaseline,
  type Baseline,
  type BaselineEntry,
  type ComparedFindings,
} from './baseline.ts'
export { createMatcher, schemaExamples } from './examples/index.ts'
export { appliedServers } from './applied-servers.ts'
export { applyFixes, type FixedFinding } from './apply-fixes.ts'
export { applyLevels } from './judgement/index.ts'
export { compilingRules } from './compiling-rules.ts'
export { hasFragment } from './path-fragment.ts'
export { lint } from './lint.ts'
export { lintProject } from './lint-project.ts'
export { essenceOf } from './media-range.ts'
export { compilePluginSchemas } from './plugin-schemas.ts'
export { DISPATCH, MIDDLEWARES, projectPluginUses, RESPONSE_VALIDATION } from './plugin-uses.ts'
export { parametersOfRoute } from './parameters.ts'
export { collectRoutes, followReferences, type ObjectNode, type RouteNode } from './routes.ts'
export { expandServer, pathOfUrl } from './server-url.ts'
export { effectiveSecurity, schemeOf } from './security.ts'
export type { LintContext, RuleDescription } from './rule.ts'
export { rules } from './rule-descriptions.ts'
