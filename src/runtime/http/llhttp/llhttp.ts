import wasm from 'undici/lib/llhttp/llhttp_simd-wasm.js'

/** What is used of the JavaScript API of WebAssembly, which the types of Node do not declare. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: object }
}

const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }

/** What llhttp calls while it reads. Texts are given as `[at, at + length)` of its memory. */
export interface LlhttpCallbacks {
  /** A part of the target of a request, or of the reason of a response. */
  onText(at: number, length: number): void
  onField(at: number, length: number): void
  onValue(at: number, length: number): void
  /** 1 where no body follows whatever the head says (the answer to HEAD). */
  onHead(status: number, upgrade: boolean, keepAlive: boolean): 0 | 1
  onBody(at: number, length: number): void
}

/** The functions of the module that are used here; a parser is a pointer. */
export interface Llhttp {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly llhttp_alloc: (type: number) => number
  readonly llhttp_free: (parser: number) => void
  readonly llhttp_execute: (parser: number, at: number, length: number) => number
  readonly llhttp_finish: (parser: number) => number
  readonly llhttp_reset: (parser: number) => void
  readonly llhttp_get_error_pos: (parser: number) => number
  readonly llhttp_get_method: (parser: number) => number
  readonly llhttp_message_needs_eof: (parser: number) => number
  readonly llhttp_errno_name: (code: number) => number
  readonly llhttp_method_name: (method: number) => number
  readonly malloc: (size: number) => number
}

export const LlhttpType = { request: 1, response: 2 } as const
/** Results of `llhttp_execute`; every other is an error of the message. */
export const LlhttpResult = { ok: 0, paused: 21, pausedUpgrade: 22 } as const

/** Methods are numbered from 0 in the order of llhttp, to QUERY; asking for another ends the module. */
const METHODS = 47

/**
 * llhttp in its strict mode: none of its leniency flags is ever set.
 *
 * @param current whose input is being read; each callback is a function of its own, so that it can be compiled for what it
 * calls
 */
export function instantiate(current: () => LlhttpCallbacks): Llhttp {
  const onText = (_: number, at: number, length: number) => {
    current().onText(at, length)
    return 0
  }
  const env = {
    wasm_on_message_begin: () => 0,
    wasm_on_url: onText,
    wasm_on_status: onText,
    wasm_on_header_field: (_: number, at: number, length: number) => {
      current().onField(at, length)
      return 0
    },
    wasm_on_header_value: (_: number, at: number, length: number) => {
      current().onValue(at, length)
      return 0
    },
    wasm_on_headers_complete: (_: number, status: number, upgrade: number, keepAlive: number) =>
      current().onHead(status, upgrade !== 0, keepAlive !== 0),
    wasm_on_body: (_: number, at: number, length: number) => {
      current().onBody(at, length)
      return 0
    },
    // What follows a message is left for the next one: it must not be read before this one is answered.
    wasm_on_message_complete: () => LlhttpResult.paused,
  }
  const module = new WebAssembly.Module(wasm)
  const instance = new WebAssembly.Instance(module, { env })
  const exports = instance.exports as unknown as Llhttp & { readonly _initialize: () => void }
  exports._initialize()
  return exports
}

/** The names of the methods, by their numbers. */
export function methodNames(llhttp: Llhttp): readonly string[] {
  return Array.from({ length: METHODS }, (_, method) => textAt(llhttp, llhttp.llhttp_method_name(method)))
}

/** The text that ends with a zero byte. */
export function textAt({ memory }: Llhttp, at: number): string {
  const bytes = Buffer.from(memory.buffer)
  return at === 0 ? '' : bytes.toString('latin1', at, bytes.indexOf(0, at))
}
