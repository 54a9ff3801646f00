export { bareProject } from './bare-project.ts'
export { findProject } from './find-project.ts'
export {
  findVerifyPolicy,
  loadProject,
  readRemotePlugins,
  type PluginSource,
  type Project,
  type RuleSetting,
} from './load-project.ts'
export { configProblems } from './problems.ts'
export { specPathOf } from './spec-path.ts'
export type { RemotePlugin } from './read-plugin-source.ts'
