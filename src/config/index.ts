export { findProject } from './find-project.ts'
export { findVerifyPolicy, loadProject, type PluginSource, type Project } from './load-project.ts'
export { configProblems } from './problems.ts'
export { specPathOf } from './spec-path.ts'
