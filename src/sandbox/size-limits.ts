import { ByteReader } from './byte-reader.ts'
import { u32 } from './byte-writer.ts'
import { ModuleRefusal } from './refusal.ts'

const MAX_TABLE_ENTRIES = 10_000

/** The dirty map: one page has a byte for each block of 256 MiB, the second is for marks of the block behind them. */
const DIRTY_MEMORY = [0x01, 0x02, 0x02]

/** Gives the one memory of a plugin an upper limit and adds the dirty map behind it. */
export function limitMemory(
  section: Uint8Array | undefined,
  maxPages: number,
): { readonly payload: Uint8Array; readonly minPages: number } {
  const reader = new ByteReader(section ?? new Uint8Array([0]))
  if (reader.u32() !== 1) throw new ModuleRefusal('it does not have exactly one memory of its own')
  const { min, max } = readLimits(reader, 'memory')
  if (min > maxPages) {
    throw new ModuleRefusal(`its memory begins with ${min} pages, and ${maxPages} are allowed`)
  }
  const limit = Math.min(max ?? maxPages, maxPages)
  return { payload: Uint8Array.from([2, 0x01, ...u32(min), ...u32(limit), ...DIRTY_MEMORY]), minPages: min }
}

/** The pages that the one memory of a module begins with, and its own limit; null where it has none. */
export function readMemoryPages(
  section: Uint8Array | undefined,
): { readonly min_pages: number; readonly max_pages: number | null } | null {
  const reader = new ByteReader(section ?? new Uint8Array([0]))
  if (reader.u32() === 0) return null
  const { min, max } = readLimits(reader, 'memory')
  return { min_pages: min, max_pages: max ?? null }
}

/** Gives tables an upper limit. */
export function limitTables(section: Uint8Array): Uint8Array {
  const reader = new ByteReader(section)
  const count = reader.u32()
  const bytes = u32(count)
  for (let index = 0; index < count; index += 1) {
    const type = reader.byte()
    if (type !== 0x70 && type !== 0x6f) throw new ModuleRefusal('it has a table of a kind that is not known')
    const { min, max } = readLimits(reader, 'table')
    if (min > MAX_TABLE_ENTRIES) {
      throw new ModuleRefusal(`its table begins with ${min} entries, and ${MAX_TABLE_ENTRIES} are allowed`)
    }
    bytes.push(type, 0x01, ...u32(min), ...u32(Math.min(max ?? MAX_TABLE_ENTRIES, MAX_TABLE_ENTRIES)))
  }
  return Uint8Array.from(bytes)
}

function readLimits(
  reader: ByteReader,
  what: string,
): { readonly min: number; readonly max: number | undefined } {
  const flags = reader.byte()
  if (flags > 1)
    throw new ModuleRefusal(`its ${what} is shared, has 64-bit addresses or pages of another size`)
  const min = reader.u32()
  return { min, max: flags === 1 ? reader.u32() : undefined }
}
