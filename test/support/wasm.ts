/** The bytes of a WebAssembly module (core specification 2.0 §5.5) with what a plugin is described by. */
export function wasmModule({
  imports = [],
  exports = [],
  manifest,
}: {
  readonly imports?: readonly (readonly [module: string, name: string])[]
  readonly exports?: readonly string[]
  readonly manifest?: string
} = {}): Uint8Array {
  const functionType = Buffer.from([0x60, 0, 0])
  const body = Buffer.from([2, 0, 0x0b])
  const exported = exports.map((name) => Buffer.concat([text(name), Buffer.from([0, imports.length])]))
  const imported = imports.map(([module, name]) =>
    Buffer.concat([text(module), text(name), Buffer.from([0, 0])]),
  )
  return Buffer.concat([
    Buffer.from('\0asm\x01\0\0\0', 'latin1'),
    section(1, [functionType]),
    section(2, imported),
    section(3, [Buffer.from([0])]),
    section(7, exported),
    section(10, [body]),
    ...(manifest === undefined ? [] : [custom('barbacane_manifest', manifest)]),
  ])
}

function section(id: number, items: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat([leb(items.length), ...items])
  return Buffer.concat([Buffer.from([id]), leb(content.byteLength), content])
}

function custom(name: string, content: string): Buffer {
  const bytes = Buffer.concat([text(name), Buffer.from(content)])
  return Buffer.concat([Buffer.from([0]), leb(bytes.byteLength), bytes])
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([leb(bytes.byteLength), bytes])
}

function leb(value: number): Buffer {
  return value < 0x80
    ? Buffer.from([value])
    : Buffer.concat([Buffer.from([(value & 0x7f) | 0x80]), leb(value >>> 7)])
}
