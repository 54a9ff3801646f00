export { checkPluginUses } from './check-plugin-uses.ts'
export { checkStrings } from './check-strings.ts'
export { collectPlugins, readPluginSchemas, type FetchPlugin } from './collect-plugins.ts'
export { collectInputs, type CollectedInputs, type InputOptions } from './collect-inputs.ts'
