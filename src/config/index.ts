export { findProject } from './find-project.ts'
export {
  findVerifyPolicy,
  loadProject,
  type PluginSource,
  type Project,
  type RuleSetting,
} from './load-project.ts'
export { configProblems } from './problems.ts'
export { specPathOf } from './spec-path.ts'
