/** The bytes of an unsigned LEB128. */
export function u32(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  do {
    const low = rest % 128
    rest = Math.floor(rest / 128)
    bytes.push(rest === 0 ? low : low | 0x80)
  } while (rest !== 0)
  return bytes
}

/** The bytes of a signed LEB128, for the immediate of `i32.const`. */
export function s32(value: number): number[] {
  const bytes: number[] = []
  let rest = value | 0
  for (;;) {
    const low = rest & 0x7f
    rest >>= 7
    const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)
    bytes.push(isLast ? low : low | 0x80)
    if (isLast) return bytes
  }
}

/** A name or a vector of bytes with its length in front. */
export function prefixed(bytes: Uint8Array | readonly number[]): Buffer {
  return Buffer.concat([Buffer.from(u32(bytes.length)), Buffer.from(bytes)])
}

/** Collects the pieces of a function body: slices of the original and what is put between them. */
export class PieceList {
  readonly #pieces: Uint8Array[] = []

  push(piece: Uint8Array | readonly number[]): void {
    this.#pieces.push(piece instanceof Uint8Array ? piece : Uint8Array.from(piece))
  }

  concat(): Buffer {
    return Buffer.concat(this.#pieces)
  }
}
