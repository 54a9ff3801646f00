import { BLOCK_SHIFT } from '../../sandbox/index.ts'
import { PluginFault } from './plugin-fault.ts'
import type { WasmGlobal, WasmMemory } from '../../sandbox/index.ts'

const PAGE_BYTES = 64 * 1024
const BLOCK_BYTES = 1 << BLOCK_SHIFT

/** What an instance holds, so that another can be given it. */
export interface MemoryImage {
  readonly bytes: Buffer
  readonly pages: number
}

/** The blocks in which an instance differs from its image. */
export interface MemoryChanges {
  readonly pages: number
  readonly blocks: readonly { readonly offset: number; readonly bytes: Buffer }[]
}

/**
 * The memory of one instance as the host sees it: every pointer of the plugin is checked against what the plugin itself
 * may reach, and what the host writes is marked like what the plugin writes.
 */
export class GuestMemory {
  readonly #memory: WasmMemory
  readonly #pages: WasmGlobal
  readonly #dirty: Uint8Array
  readonly #dirtyWords: Int32Array
  #buffer: ArrayBuffer
  #view: Buffer

  constructor(memory: WasmMemory, pages: WasmGlobal, dirty: WasmMemory) {
    this.#memory = memory
    this.#pages = pages
    this.#dirty = new Uint8Array(dirty.buffer)
    this.#dirtyWords = new Int32Array(dirty.buffer)
    this.#buffer = memory.buffer
    this.#view = Buffer.from(this.#buffer)
  }

  /** @throws {PluginFault} where the plugin names bytes that it does not have */
  check(pointer: number, length: number): void {
    this.#checked(pointer, length)
  }

  /** @throws {PluginFault} where the plugin names bytes that it does not have */
  readText(pointer: number, length: number): string {
    return this.#checked(pointer, length).toString('utf8', pointer >>> 0, (pointer >>> 0) + (length >>> 0))
  }

  /** A copy. @throws {PluginFault} where the plugin names bytes that it does not have */
  readBytes(pointer: number, length: number): Buffer {
    const view = this.#checked(pointer, length)
    return Buffer.from(view.subarray(pointer >>> 0, (pointer >>> 0) + (length >>> 0)))
  }

  /** @throws {PluginFault} where the plugin names a place that it does not have */
  write(pointer: number, bytes: Uint8Array): void {
    this.#checked(pointer, bytes.byteLength).set(bytes, pointer >>> 0)
    this.#mark(pointer >>> 0, bytes.byteLength)
  }

  /** Writes UTF-8 whose length in bytes is known. @throws {PluginFault} as {@link GuestMemory.write} */
  writeText(pointer: number, text: string, length: number): void {
    this.#checked(pointer, length).write(text, pointer >>> 0, length, 'utf8')
    this.#mark(pointer >>> 0, length)
  }

  writeU32(pointer: number, value: number): void {
    this.#checked(pointer, 4).writeUInt32LE(value, pointer >>> 0)
    this.#mark(pointer >>> 0, 4)
  }

  writeU64(pointer: number, value: bigint): void {
    this.#checked(pointer, 8).writeBigUInt64LE(value, pointer >>> 0)
    this.#mark(pointer >>> 0, 8)
  }

  /** Adds room at the end for plugins that have no `alloc`; the pointer to it, or undefined at the limit. */
  extend(length: number): number | undefined {
    const visible = this.#pages.value as number
    const wanted = visible + Math.ceil(length / PAGE_BYTES)
    if (!this.#ensure(wanted)) return undefined
    this.#pages.value = wanted
    return visible * PAGE_BYTES
  }

  /** A copy of everything, after which nothing counts as changed. */
  takeImage(): MemoryImage {
    const pages = this.#pages.value as number
    this.#dirty.fill(0)
    return { pages, bytes: Buffer.from(this.#current().subarray(0, pages * PAGE_BYTES)) }
  }

  /** Makes a fresh instance equal to the one that the image was taken of. */
  load({ bytes, pages }: MemoryImage): void {
    if (!this.#ensure(pages)) throw new PluginFault('memory', 'its memory cannot grow to what it began with')
    this.#current().set(bytes)
    this.#pages.value = pages
    this.#dirty.fill(0)
  }

  /** Puts back every block that was written since the image was loaded or taken; the rest is as it was. */
  restore({ bytes, pages }: MemoryImage): void {
    const view = this.#current()
    this.#forEachDirtyRun((start, end) => {
      const known = Math.min(Math.max(bytes.byteLength - start, 0), end - start)
      if (known > 0) bytes.copy(view, start, start, start + known)
      if (known < end - start) view.fill(0, start + known, end)
    })
    this.#pages.value = pages
  }

  /** Copies of the blocks that were written; they stay marked. */
  changes(): MemoryChanges {
    const view = this.#current()
    const blocks: { offset: number; bytes: Buffer }[] = []
    this.#forEachDirtyRun((start, end) =>
      blocks.push({ offset: start, bytes: Buffer.from(view.subarray(start, end)) }),
    )
    for (const { offset, bytes } of blocks) this.#mark(offset, bytes.byteLength)
    return { pages: this.#pages.value as number, blocks }
  }

  /** Applies changes to an instance that equals the image they were made on. */
  apply({ pages, blocks }: MemoryChanges): void {
    if (!this.#ensure(pages)) throw new PluginFault('memory', 'its memory cannot grow to what it had')
    this.#pages.value = pages
    const view = this.#current()
    for (const { offset, bytes } of blocks) {
      bytes.copy(view, offset)
      this.#mark(offset, bytes.byteLength)
    }
  }

  /** Calls back for each run of marked blocks within memory, and takes the marks away. */
  #forEachDirtyRun(visit: (start: number, end: number) => void): void {
    const limit = this.#buffer.byteLength
    const words = Math.ceil(limit / BLOCK_BYTES / 4)
    let start = -1
    for (let word = 0; word < words; word += 1) {
      if (this.#dirtyWords[word] === 0) {
        if (start !== -1) visit(start, word * 4 * BLOCK_BYTES)
        start = -1
        continue
      }
      for (let block = word * 4; block < word * 4 + 4; block += 1) {
        const isDirty = this.#dirty[block] !== 0
        if (isDirty && start === -1) start = block * BLOCK_BYTES
        if (!isDirty && start !== -1) {
          visit(start, block * BLOCK_BYTES)
          start = -1
        }
      }
      this.#dirtyWords[word] = 0
    }
    if (start !== -1) visit(start, limit)
    // The last store of a memory marks the block behind it, too.
    this.#dirty[words * 4] = 0
  }

  #ensure(pages: number): boolean {
    const missing = pages - this.#current().byteLength / PAGE_BYTES
    if (missing <= 0) return true
    try {
      this.#memory.grow(missing)
    } catch (error) {
      if (error instanceof RangeError) return false
      throw error
    }
    return true
  }

  #mark(start: number, length: number): void {
    if (length > 0) this.#dirty.fill(1, start >>> BLOCK_SHIFT, ((start + length - 1) >>> BLOCK_SHIFT) + 1)
  }

  #checked(pointer: number, length: number): Buffer {
    const view = this.#current()
    if ((pointer >>> 0) + (length >>> 0) > (this.#pages.value as number) * PAGE_BYTES) {
      throw new PluginFault(
        'memory',
        `it names ${length >>> 0} bytes at ${pointer >>> 0}, beyond its memory of ${this.#pages.value} pages`,
      )
    }
    return view
  }

  /** A memory that grew has another buffer. */
  #current(): Buffer {
    const { buffer } = this.#memory
    if (buffer !== this.#buffer) {
      this.#buffer = buffer
      this.#view = Buffer.from(buffer)
    }
    return this.#view
  }
}
