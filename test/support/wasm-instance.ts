interface Api {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> }
}

const { Module, Instance } = (globalThis as unknown as { readonly WebAssembly: Api }).WebAssembly

/** The exports of a new instance. */
export function instantiate(
  bytes: Uint8Array,
  imports: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
): Readonly<Record<string, unknown>> {
  return new Instance(new Module(bytes), imports).exports
}
