/** What is used here of the JavaScript API of WebAssembly; the types of Node declare nothing of it. */
export type WasmFunction = (...values: never[]) => unknown

export interface WasmMemory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

export interface WasmGlobal {
  value: number | bigint
}

export type WasmExport = WasmFunction | WasmMemory | WasmGlobal

export interface WasmModule {
  readonly [Symbol.toStringTag]: string
}

export interface ImportDescriptor {
  readonly module: string
  readonly name: string
  readonly kind: string
}

export type WasmImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>

interface WebAssemblyApi {
  /** Whether bytes are a valid module; compiles nothing. */
  validate(bytes: Uint8Array): boolean
  readonly Module: {
    new (bytes: Uint8Array): WasmModule
    imports(module: WasmModule): readonly ImportDescriptor[]
    exports(module: WasmModule): readonly Omit<ImportDescriptor, 'module'>[]
    customSections(module: WasmModule, name: string): readonly ArrayBuffer[]
  }
  readonly Instance: {
    new (module: WasmModule, imports: WasmImports): { readonly exports: Readonly<Record<string, WasmExport>> }
  }
  readonly CompileError: new (message: string) => Error
  readonly RuntimeError: new (message: string) => Error
  /** JavaScript Promise Integration: a host function that may wait, and a plugin function that waits for it. */
  readonly Suspending: new (waits: WasmFunction) => object
  readonly promising: (entry: WasmFunction) => (...values: number[]) => Promise<number>
}

export const wasm = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly
