import { readCount, sectionReader, SectionId, type Sections } from './sections.ts'

/** What an export can be, by its number in the format. */
export const ExportKind = { function: 0, table: 1, memory: 2, global: 3 } as const

export interface ExportEntry {
  readonly name: string
  readonly kind: number
  readonly index: number
}

/** The exports of a module, and their bytes without the count. */
export function readExports(sections: Sections): {
  readonly entries: readonly ExportEntry[]
  readonly bytes: Uint8Array
} {
  const reader = sectionReader(sections, SectionId.export)
  const count = readCount(reader)
  const start = reader.offset
  const entries = Array.from({ length: count }, () => ({
    name: reader.name(),
    kind: reader.byte(),
    index: reader.u32(),
  }))
  return { entries, bytes: reader.bytes.subarray(start, reader.end) }
}
