export { checkPluginUses } from './check-plugin-uses.ts'
export { checkStrings } from './check-strings.ts'
export { collectInputs, type CollectedInputs, type FetchPlugin, type InputOptions } from './collect-inputs.ts'
