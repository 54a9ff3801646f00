export { lint } from './lint.ts'
export { lintProject } from './lint-project.ts'
export type { LintContext, RuleDescription } from './rule.ts'
export { rules } from './rule-descriptions.ts'
