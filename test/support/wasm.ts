import { entrySignatures, hostSignature } from '../../src/sandbox/host-interface.ts'
import { assemble } from './wat.ts'

/** A plugin's module that has functions of these names, which do nothing, and the manifest in it. */
export function wasmModule({
  imports = [],
  exports = [],
  manifest,
}: {
  readonly imports?: readonly (readonly [module: string, name: string])[]
  readonly exports?: readonly string[]
  readonly manifest?: string
} = {}): Uint8Array {
  const imported = imports.map(
    ([module, name]) =>
      `(import "${module}" "${name}" (func ${typeOf(hostSignature(module, name) ?? 'ii:i')}))`,
  )
  const exported = exports.map(
    (name) => `(func (export "${name}") ${typeOf(entrySignatures[name] ?? 'ii:i')} (i32.const 0))`,
  )
  const bytes = assemble(`(module ${imported.join(' ')} (memory (export "memory") 1) ${exported.join(' ')})`)
  return manifest === undefined ? bytes : withManifest(bytes, manifest)
}

/** A module with the text of its plugin.toml as the custom section `barbacane_manifest` (core specification §5.5.3). */
export function withManifest(module: Uint8Array, manifest: string): Uint8Array {
  const content = Buffer.concat([prefixed(Buffer.from('barbacane_manifest')), Buffer.from(manifest)])
  return Buffer.concat([module, Buffer.from([0]), prefixed(content)])
}

const NAMES: Readonly<Record<string, string>> = { i: 'i32', I: 'i64', f: 'f32', F: 'f64' }

function typeOf(signature: string): string {
  const [parameters = '', results = ''] = signature
    .split(':')
    .map((part) => Array.from(part, (letter) => NAMES[letter]).join(' '))
  return `(param ${parameters}) (result ${results})`
}

function prefixed(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([leb(bytes.byteLength), bytes])
}

function leb(value: number): Buffer {
  return value < 0x80
    ? Buffer.from([value])
    : Buffer.concat([Buffer.from([(value & 0x7f) | 0x80]), leb(value >>> 7)])
}
