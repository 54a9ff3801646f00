import { ModuleRefusal } from './refusal.ts'

/** Reads the binary format of WebAssembly (core specification, chapter 5) from front to back. */
export class ByteReader {
  readonly bytes: Uint8Array
  readonly end: number
  offset: number

  constructor(bytes: Uint8Array, offset = 0, end = bytes.byteLength) {
    this.bytes = bytes
    this.offset = offset
    this.end = end
  }

  get isAtEnd(): boolean {
    return this.offset >= this.end
  }

  byte(): number {
    if (this.offset >= this.end) throw new ModuleRefusal('it ends in the middle of a section')
    const value = this.bytes[this.offset] as number
    this.offset += 1
    return value
  }

  /** An unsigned LEB128 of at most 32 bits. */
  u32(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte()
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new ModuleRefusal('it has a number of more than 32 bits where none is allowed')
  }

  /** Passes over a LEB128 of any width that the format knows (ten bytes hold 64 bits). */
  skipLeb(): void {
    for (let count = 0; count < 10; count += 1) if (this.byte() < 0x80) return
    throw new ModuleRefusal('it has a number that does not end')
  }

  skip(count: number): void {
    if (this.end - this.offset < count) throw new ModuleRefusal('it ends in the middle of a section')
    this.offset += count
  }

  slice(count: number): Uint8Array {
    const start = this.offset
    this.skip(count)
    return this.bytes.subarray(start, this.offset)
  }

  name(): string {
    return Buffer.from(this.slice(this.u32())).toString('utf8')
  }
}
