/** A property that a schema names, and what it asks of it. */
export interface Name<Rules> {
  readonly bytes: Buffer
  readonly rules: Rules
  /** Its place among the required properties as a bit; 0 for one that is not required. */
  readonly bit: number
}

/** Finds names by their bytes, without making texts of them: a table of powers of two, searched in one direction. */
export class Names<Rules> {
  /** In the order of the schema, in which most senders name them. */
  readonly #names: readonly Name<Rules>[]
  readonly #slots: readonly (Slot<Rules> | undefined)[]

  constructor(names: readonly Name<Rules>[]) {
    const size = 2 ** Math.ceil(Math.log2(names.length * 2 + 1))
    const slots: (Slot<Rules> | undefined)[] = Array.from({ length: size }, () => undefined)
    for (const name of names) {
      const hash = name.bytes.reduce(mix, SEED)
      let at = hash & (size - 1)
      while (slots[at] !== undefined) at = (at + 1) & (size - 1)
      slots[at] = { hash, name }
    }
    this.#names = names
    this.#slots = slots
  }

  /** The name with a number, where that is what stands at a place, up to its closing quote. */
  at(index: number, bytes: Buffer, start: number): Name<Rules> | undefined {
    const name = this.#names[index]
    if (name === undefined) return undefined
    const end = start + name.bytes.length
    return bytes[end] === 0x22 && isSame(name.bytes, bytes, start, end) ? name : undefined
  }

  /** @param hash of `[start, end)` of the bytes, by {@link mix} from {@link SEED} */
  find(bytes: Buffer, start: number, end: number, hash: number): Name<Rules> | undefined {
    const slots = this.#slots
    const mask = slots.length - 1
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const slot = slots[at]
      if (slot === undefined) return undefined
      if (slot.hash === hash && isSame(slot.name.bytes, bytes, start, end)) return slot.name
    }
  }
}

interface Slot<Rules> {
  readonly hash: number
  readonly name: Name<Rules>
}

export const SEED = 0x811c9dc5 | 0

/** FNV-1a; who searches compares the bytes, too. */
export function mix(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193)
}

function isSame(name: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (name.length !== end - start) return false
  for (let index = 0; index < name.length; index += 1) {
    if (name[index] !== bytes[start + index]) return false
  }
  return true
}
