export { confinePlugin } from './confine-plugin.ts'
export { readCustomSection, withCustomSections } from './custom-sections.ts'
export { capabilitiesFor, capabilityNames, WASI_MODULE } from './host-interface.ts'
export { describeModule, type ModuleDescription } from './describe-module.ts'
export { BLOCK_SHIFT } from './injected.ts'
export {
  addedExports,
  instrumentModule,
  type InstrumentedModule,
  type InstrumentLimits,
} from './instrument-module.ts'
export {
  CONFIG_SCHEMA_SECTION,
  MANIFEST_SECTION,
  readPluginManifest,
  type PluginManifest,
} from './plugin-manifest.ts'
export { ModuleRefusal } from './refusal.ts'
export {
  wasm,
  type WasmExport,
  type WasmFunction,
  type WasmGlobal,
  type WasmMemory,
  type WasmModule,
} from './webassembly.ts'
