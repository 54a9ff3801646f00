export { buildPlugin, type BuiltPlugin } from './build/build-plugin.ts'
export type { BuildHost } from './build/toolchain.ts'
export { planPlugin } from './create/plan-plugin.ts'
export { findFixtures, testPlugin, type PluginTest } from './fixture/test-plugin.ts'
export { inspectPlugin, readModule } from './inspect-plugin.ts'
export {
  checkPluginName,
  modulePathOf,
  readPluginProject,
  type Language,
  type PluginProject,
} from './plugin-project.ts'
