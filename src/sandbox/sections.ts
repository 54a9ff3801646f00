import { ByteReader } from './byte-reader.ts'
import { u32 } from './byte-writer.ts'
import { ModuleRefusal } from './refusal.ts'

/** The ids of sections (core specification 3.0, §5.5.2). */
export const SectionId = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const

export interface Section {
  readonly id: number
  readonly payload: Uint8Array
}

/** The magic number and the version of a core module (core specification §5.5.16). */
export const PREAMBLE = Buffer.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00])

/** Where a section stands in a module; data count comes before code, tags before globals. */
const ORDER: readonly number[] = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11]

/** Splits a module. @throws {ModuleRefusal} where it is no core module of version 1 */
export function splitSections(bytes: Uint8Array): readonly Section[] {
  if (!PREAMBLE.equals(bytes.subarray(0, PREAMBLE.byteLength))) {
    throw new ModuleRefusal('it is no core module of WebAssembly version 1')
  }
  const reader = new ByteReader(bytes, PREAMBLE.byteLength)
  const sections: Section[] = []
  while (!reader.isAtEnd) {
    const id = reader.byte()
    if (id !== SectionId.custom && !ORDER.includes(id)) {
      throw new ModuleRefusal(`it has a section of the unknown kind ${id}`)
    }
    sections.push({ id, payload: reader.slice(reader.u32()) })
  }
  return sections
}

/** Joins sections in the order of the format; custom sections are left out, which name offsets that have changed. */
export function joinSections(sections: ReadonlyMap<number, Uint8Array>): Buffer {
  const parts: Uint8Array[] = [PREAMBLE]
  for (const id of ORDER) {
    const payload = sections.get(id)
    if (payload !== undefined) parts.push(Buffer.from([id, ...u32(payload.byteLength)]), payload)
  }
  return Buffer.concat(parts)
}

/** The content of each section of a module by its id; custom sections are not among them. */
export type Sections = ReadonlyMap<number, Uint8Array>

/** Reads a section of a module; one that is left out has no entries. */
export function sectionReader(sections: Sections, id: number): ByteReader {
  return new ByteReader(sections.get(id) ?? NO_ENTRIES)
}

const NO_ENTRIES = Uint8Array.of(0)

/** A count of entries: each has at least one byte. */
export function readCount(reader: ByteReader): number {
  const count = reader.u32()
  if (count > reader.end - reader.offset) throw new ModuleRefusal('it ends in the middle of a section')
  return count
}
