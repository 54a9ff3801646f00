import { prefixed, s32, u32 } from './byte-writer.ts'
import type { AddedIndexes } from './injected.ts'
import { limitMemory, limitTables } from './size-limits.ts'
import { instrumentFunction } from './instrument-function.ts'
import { readGlobals, type MutableGlobal } from './read-globals.ts'
import { readExports, type ExportEntry } from './read-exports.ts'
import { parameterCountOf, readFunctionTable, type FunctionTable } from './read-types.ts'
import { ModuleRefusal } from './refusal.ts'
import { wasm } from './webassembly.ts'
import { joinSections, SectionId, sectionReader, splitSections, type Sections } from './sections.ts'

/** Names of what is added begin with this; a plugin cannot export such names. */
const PREFIX = 'barbacane:'

/** The exports by which the host confines a module. */
export const addedExports = {
  /** A global `i32`: one unit an instruction, and one for 16 bytes that are written at once. Below 0 it traps. */
  fuel: `${PREFIX}fuel`,
  /** A global `i32`: the pages of memory that the plugin sees. */
  pages: `${PREFIX}pages`,
  /** A memory: a byte for each block of 4 KiB, not 0 where the plugin may have written. */
  dirty: `${PREFIX}dirty`,
} as const

export interface InstrumentLimits {
  /** The largest memory, in pages of 64 KiB; at most 4,096. */
  readonly maxPages: number
  /** What `start` functions and data segments may cost at instantiation. */
  readonly startFuel: number
}

export interface InstrumentedModule {
  readonly bytes: Buffer
  /** The exports that hold the mutable globals of the plugin. */
  readonly globals: readonly MutableGlobal[]
  /** False where a plugin has state that cannot be put back between two requests: each then gets an instance. */
  readonly isReusable: boolean
  readonly functions: FunctionTable
  readonly exports: readonly ExportEntry[]
}

/**
 * Rewrites a WebAssembly module so that a host can bound what it costs and undo what it did: every function and every
 * turn of a loop spends fuel, stores mark the blocks of memory that they reach, memory and tables get a limit, and all
 * mutable globals are exported. The meaning of the module is otherwise unchanged.
 *
 * @throws {ModuleRefusal} for modules that use what is not known here, or import anything but functions.
 */
export function instrumentModule(bytes: Uint8Array, limits: InstrumentLimits): InstrumentedModule {
  const sections = readSections(bytes)
  if (sections.has(SectionId.tag)) throw new ModuleRefusal('it uses exceptions')
  const functions = readFunctionTable(sections)
  const memory = limitMemory(sections.get(SectionId.memory), limits.maxPages)
  const globals = readGlobals(sections.get(SectionId.global))
  const indexes = { fuel: globals.count, pages: globals.count + 1 }
  const { entries: exports } = readExports(sections)
  const code = instrumentCode(sections, functions, indexes)
  sections.set(SectionId.memory, memory.payload)
  const tables = sections.get(SectionId.table)
  if (tables !== undefined) sections.set(SectionId.table, limitTables(tables))
  const added = [limits.startFuel, memory.minPages].map((value) => [0x7f, 0x01, 0x41, ...s32(value), 0x0b])
  sections.set(SectionId.global, vector(globals.count + 2, globals.entries, ...added))
  const mutable = globals.mutable.map((global) => ({ ...global, name: `${PREFIX}global:${global.index}` }))
  sections.set(SectionId.export, extendExports(sections, indexes, mutable))
  sections.set(SectionId.code, code.payload)
  const isReusable = !code.keepsState && mutable.every(({ isNumber }) => isNumber)
  return { bytes: joinSections(sections), globals: mutable, isReusable, functions, exports }
}

function readSections(bytes: Uint8Array): Map<number, Uint8Array> {
  const sections = splitSections(bytes)
  // What is not valid by itself could name the parts that are added, and so change what confines it.
  if (!wasm.validate(bytes)) throw new ModuleRefusal('it is not valid')
  return new Map(sections.flatMap(({ id, payload }) => (id === SectionId.custom ? [] : [[id, payload]])))
}

function instrumentCode(sections: Sections, { defined }: FunctionTable, indexes: AddedIndexes) {
  const reader = sectionReader(sections, SectionId.code)
  const count = reader.u32()
  if (count !== defined.length) throw new ModuleRefusal('its functions and their bodies differ in number')
  let keepsState = false
  const bodies = defined.map((signature) => {
    const body = reader.slice(reader.u32())
    const instrumented = instrumentFunction(body, parameterCountOf(signature), indexes)
    keepsState ||= instrumented.keepsState
    return instrumented.bytes
  })
  return { payload: vector(count, ...bodies), keepsState }
}

function extendExports(sections: Sections, indexes: AddedIndexes, globals: readonly MutableGlobal[]): Buffer {
  const { entries, bytes } = readExports(sections)
  const reserved = entries.find(({ name }) => name.startsWith(PREFIX))
  if (reserved !== undefined) {
    throw new ModuleRefusal(`it exports ${reserved.name}, a name that is reserved`)
  }
  const entry = (name: string, kind: number, index: number) =>
    Buffer.concat([prefixed(Buffer.from(name)), Buffer.from([kind, ...u32(index)])])
  const added = [
    entry(addedExports.fuel, 0x03, indexes.fuel),
    entry(addedExports.pages, 0x03, indexes.pages),
    entry(addedExports.dirty, 0x02, 1),
    ...globals.map(({ name, index }) => entry(name, 0x03, index)),
  ]
  return vector(entries.length + added.length, bytes, ...added)
}

function vector(count: number, ...entries: readonly (Uint8Array | readonly number[])[]): Buffer {
  return Buffer.concat([Buffer.from(u32(count)), ...entries.map((entry) => Buffer.from(entry))])
}
