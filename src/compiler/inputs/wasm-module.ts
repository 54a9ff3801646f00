interface Described {
  readonly module: string
  readonly name: string
  readonly kind: string
}

interface ModuleConstructor {
  new (bytes: Uint8Array): object
  imports(module: object): readonly Described[]
  exports(module: object): readonly Omit<Described, 'module'>[]
  customSections(module: object, name: string): readonly ArrayBuffer[]
}

// The types of Node do not declare this global; the types of browsers would declare too much.
const { Module } = (globalThis as unknown as { readonly WebAssembly: { readonly Module: ModuleConstructor } })
  .WebAssembly

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
  const module = new Module(bytes)
  const imported = Module.imports(module).filter((entry) => entry.module === 'barbacane')
  const exported = Module.exports(module).filter((entry) => entry.kind === 'function')
  const [section] = Module.customSections(module, 'barbacane_manifest')
  return {
    capabilities: [...new Set(imported.map((entry) => entry.name))].toSorted(),
    functions: new Set(exported.map((entry) => entry.name)),
    manifest: section === undefined ? undefined : Buffer.from(section).toString('utf8'),
  }
}
