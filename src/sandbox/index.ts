export { capabilitiesFor, capabilityNames } from './capabilities.ts'
export { confinePlugin } from './confine-plugin.ts'
export {
  addedExports,
  instrumentModule,
  type InstrumentedModule,
  type InstrumentLimits,
} from './instrument-module.ts'
export { ModuleRefusal } from './refusal.ts'
export {
  wasm,
  type WasmExport,
  type WasmFunction,
  type WasmGlobal,
  type WasmMemory,
  type WasmModule,
} from './webassembly.ts'
