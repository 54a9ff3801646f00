import { MANIFEST_SECTION, wasm } from '../../sandbox/index.ts'

/** The parts of a WebAssembly module that describe it as a plugin. */
export interface WasmModule {
  /** Names that are imported from the module `barbacane`, sorted. */
  readonly capabilities: readonly string[]
  /** Names of exported functions. */
  readonly functions: ReadonlySet<string>
  /** The text of the custom section `barbacane_manifest`, or undefined without one. */
  readonly manifest: string | undefined
}

/** Compiles a module to look at it. @throws {Error} a WebAssembly.CompileError saying what is not valid. */
export function readWasmModule(bytes: Uint8Array): WasmModule {
  const module = new wasm.Module(bytes)
  const imported = wasm.Module.imports(module).filter((entry) => entry.module === 'barbacane')
  const exported = wasm.Module.exports(module).filter((entry) => entry.kind === 'function')
  const [section] = wasm.Module.customSections(module, MANIFEST_SECTION)
  return {
    capabilities: [...new Set(imported.map((entry) => entry.name))].toSorted(),
    functions: new Set(exported.map((entry) => entry.name)),
    manifest: section === undefined ? undefined : Buffer.from(section).toString('utf8'),
  }
}
