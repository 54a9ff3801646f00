import { instantiate, methodNames, type Llhttp, type LlhttpCallbacks } from './llhttp.ts'

/** Bytes that llhttp is given at a time: what Node reads from a socket at once. */
export const INPUT_BYTES = 65_536

/** The one instance of llhttp: parsers are a few bytes of its memory, and read one after the other. */
export interface SharedLlhttp {
  readonly llhttp: Llhttp
  /** Where input has to be put. */
  readonly inputAt: number
  readonly methods: readonly string[]
}

let shared: SharedLlhttp | undefined
let view = new Uint8Array()
/** Whose bytes are being read: llhttp calls back during `execute` only. */
let current: LlhttpCallbacks

export function sharedLlhttp(): SharedLlhttp {
  return (shared ??= share())
}

/**
 * Reads a piece of input, of {@link INPUT_BYTES} at most; `parser` belongs to whom is called back.
 *
 * @param isCounted true where llhttp looks at none of the bytes, but counts them
 */
export function execute(reader: LlhttpCallbacks, parser: number, chunk: Buffer, isCounted: boolean): number {
  const { llhttp, inputAt } = sharedLlhttp()
  if (!isCounted) {
    // Memory that grows is another buffer, and a view of the former one is empty.
    if (view.length === 0) view = new Uint8Array(llhttp.memory.buffer)
    view.set(chunk, inputAt)
  }
  current = reader
  return llhttp.llhttp_execute(parser, inputAt, chunk.byteLength)
}

function share(): SharedLlhttp {
  const llhttp = instantiate(() => current)
  return { llhttp, inputAt: llhttp.malloc(INPUT_BYTES), methods: methodNames(llhttp) }
}
