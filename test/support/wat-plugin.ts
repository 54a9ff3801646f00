import { hostSignature } from '../../src/sandbox/host-interface.ts'
import { assemble } from './wat.ts'

const NAMES: Readonly<Record<string, string>> = { i: 'i32', I: 'i64', f: 'f32', F: 'f64' }

/** What most plugins have: a memory, and `alloc` that gives out what lies behind the heap's beginning. */
const HEAP = `(global $heap (mut i32) (i32.const 8192))
  (func $alloc (export "alloc") (param $size i32) (result i32)
    (global.get $heap)
    (global.set $heap (i32.add (global.get $heap) (local.get $size))))`

export interface WatPlugin {
  /** Functions and data; every host function that is called is imported. */
  readonly body: string
  readonly memory?: string
  /** False for a plugin of the older interface, whose input is put behind its memory. */
  readonly hasAlloc?: boolean
}

/** The module of a plugin from the text of its functions. */
export function watPlugin({
  body,
  memory = '(memory (export "memory") 2)',
  hasAlloc = true,
}: WatPlugin): Uint8Array {
  const called = new Set(Array.from(body.matchAll(/call \$((?:host|wasi)_\w+)/g), ([, name = '']) => name))
  const imports = [...called].map((name) => {
    const isWasi = name.startsWith('wasi_')
    const module = isWasi ? 'wasi_snapshot_preview1' : 'barbacane'
    const imported = isWasi ? name.slice('wasi_'.length) : name
    return `(import "${module}" "${imported}" (func $${name} ${typeOf(hostSignature(module, imported) ?? ':')}))`
  })
  return assemble(`(module ${imports.join('\n')} ${memory} ${hasAlloc ? HEAP : ''} ${body})`)
}

/** A function that a gateway calls, with `$p` and `$n` for its input and `$r` as a local of its own. */
export function entry(name: string, instructions: string): string {
  return `(func (export "${name}") (param $p i32) (param $n i32) (result i32) (local $r i32) ${instructions})`
}

/** Text at a place in memory. */
export function data(offset: number, text: string): string {
  const escaped = Array.from(Buffer.from(text), (byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')
  return `(data (i32.const ${offset}) "${escaped}")`
}

function typeOf(signature: string): string {
  const [parameters = '', results = ''] = signature
    .split(':')
    .map((part) => Array.from(part, (letter) => NAMES[letter]).join(' '))
  return `(param ${parameters}) (result ${results})`
}
