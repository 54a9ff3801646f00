export { findProject } from './find-project.ts'
export { loadProject, type PluginSource, type Project } from './load-project.ts'
export { configProblems } from './problems.ts'
