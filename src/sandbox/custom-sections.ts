import { ByteReader } from './byte-reader.ts'
import { prefixed, u32 } from './byte-writer.ts'
import { PREAMBLE, SectionId, splitSections } from './sections.ts'

/** The content of the first custom section of a name (core specification §5.5.3). @throws {ModuleRefusal} */
export function readCustomSection(module: Uint8Array, name: string): Buffer | undefined {
  for (const { id, payload } of splitSections(module)) {
    if (id !== SectionId.custom) continue
    const reader = new ByteReader(payload)
    if (reader.name() === name) return Buffer.from(payload.subarray(reader.offset))
  }
  return undefined
}

/** A module with custom sections behind all others, in the place of those of the same names. @throws {ModuleRefusal} */
export function withCustomSections(module: Uint8Array, contents: ReadonlyMap<string, Uint8Array>): Buffer {
  const kept = splitSections(module).filter(
    ({ id, payload }) => id !== SectionId.custom || !contents.has(new ByteReader(payload).name()),
  )
  return Buffer.concat([
    PREAMBLE,
    ...kept.flatMap(({ id, payload }) => [Buffer.from([id, ...u32(payload.byteLength)]), payload]),
    ...Array.from(contents, ([name, content]) => {
      const payload = Buffer.concat([prefixed(Buffer.from(name)), content])
      return Buffer.concat([Buffer.from([SectionId.custom]), prefixed(payload)])
    }),
  ])
}
