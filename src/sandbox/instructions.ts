import type { ByteReader } from './byte-reader.ts'
import { ModuleRefusal } from './refusal.ts'

/** Opcodes that are treated in a way of their own (core specification 3.0, §5.4). */
export const Op = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  tableSet: 0x26,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  bulk: 0xfc,
  vector: 0xfd,
} as const

/** The second number of the instructions that begin with 0xfc. */
export const Bulk = {
  memoryInit: 8,
  dataDrop: 9,
  memoryCopy: 10,
  memoryFill: 11,
  tableInit: 12,
  elemDrop: 13,
  tableCopy: 14,
  tableGrow: 15,
  tableSize: 16,
  tableFill: 17,
} as const

/** What stores a value in memory, by its second number after 0xfd. */
export function isVectorStore(code: number): boolean {
  return code === 11 || (code >= 88 && code <= 91)
}

type Skip = (reader: ByteReader) => number

const NONE: Skip = () => -1
const ONE_NUMBER: Skip = (reader) => {
  reader.skipLeb()
  return -1
}
const TWO_NUMBERS: Skip = (reader) => {
  reader.skipLeb()
  reader.skipLeb()
  return -1
}
const NUMBERS_AND_LAST: Skip = (reader) => {
  for (let count = reader.u32() + 1; count > 0; count -= 1) reader.skipLeb()
  return -1
}
const NUMBERS: Skip = (reader) => {
  for (let count = reader.u32(); count > 0; count -= 1) reader.skipLeb()
  return -1
}
const MEMORY: Skip = (reader) => {
  skipMemoryIndex(reader)
  return -1
}
const MEMORY_OPERAND: Skip = (reader) => {
  readMemoryOperand(reader)
  return -1
}
const bytes =
  (count: number): Skip =>
  (reader) => {
    reader.skip(count)
    return -1
  }

/** Opcodes from and to, and what stands behind them; what is in no range is refused. */
const RANGES: readonly (readonly [from: number, to: number, skip: Skip])[] = [
  [0x00, 0x01, NONE], // unreachable, nop
  [0x02, 0x04, ONE_NUMBER], // block, loop, if: a type
  [Op.else, Op.else, NONE],
  [Op.end, Op.end, NONE],
  [0x0c, 0x0d, ONE_NUMBER], // br, br_if
  [0x0e, 0x0e, NUMBERS_AND_LAST], // br_table
  [0x0f, 0x0f, NONE], // return
  [0x10, 0x10, ONE_NUMBER], // call
  [0x11, 0x11, TWO_NUMBERS], // call_indirect
  [0x12, 0x12, ONE_NUMBER], // return_call
  [0x13, 0x13, TWO_NUMBERS], // return_call_indirect
  [0x1a, 0x1b, NONE], // drop, select
  [0x1c, 0x1c, NUMBERS], // select with types
  [0x20, 0x26, ONE_NUMBER], // local, global, table.get, table.set
  [0x28, 0x3e, MEMORY_OPERAND], // loads and stores
  [0x3f, 0x40, MEMORY], // memory.size, memory.grow
  [0x41, 0x42, ONE_NUMBER], // i32.const, i64.const
  [0x43, 0x43, bytes(4)], // f32.const
  [0x44, 0x44, bytes(8)], // f64.const
  [0x45, 0xc4, NONE], // arithmetic
  [0xd0, 0xd0, ONE_NUMBER], // ref.null
  [0xd1, 0xd1, NONE], // ref.is_null
  [0xd2, 0xd2, ONE_NUMBER], // ref.func
  [Op.bulk, Op.bulk, skipBulk],
  [Op.vector, Op.vector, skipVector],
]

const SKIPS: readonly (Skip | undefined)[] = Array.from(
  { length: 256 },
  (_, opcode) => RANGES.find(([from, to]) => opcode >= from && opcode <= to)?.[2],
)

/**
 * Passes over the immediates of an instruction and returns its second number where it has one, else -1.
 *
 * @throws {ModuleRefusal} for instructions of proposals that a plugin must not use: threads, exceptions, garbage
 * collected types, further memories. What is not known cannot be confined.
 */
export function skipImmediates(opcode: number, reader: ByteReader): number {
  const skip = SKIPS[opcode]
  if (skip === undefined) throw refused(opcode)
  return skip(reader)
}

/** The constant offset of a load or store in the one memory. */
export function readMemoryOperand(reader: ByteReader): number {
  const alignment = reader.u32()
  // Bit 6 says that the index of a memory follows.
  if (alignment >= 0x40) throw new ModuleRefusal('it uses more than one memory')
  return reader.u32()
}

function skipMemoryIndex(reader: ByteReader): void {
  if (reader.byte() !== 0) throw new ModuleRefusal('it uses more than one memory')
}

/** What stands behind the second number of the instructions from `memory.init` on; before them nothing does. */
const BULK: Readonly<Record<number, Skip>> = {
  [Bulk.memoryInit]: (reader) => {
    reader.skipLeb()
    return MEMORY(reader)
  },
  [Bulk.dataDrop]: ONE_NUMBER,
  [Bulk.memoryCopy]: (reader) => {
    MEMORY(reader)
    return MEMORY(reader)
  },
  [Bulk.memoryFill]: MEMORY,
  [Bulk.tableInit]: TWO_NUMBERS,
  [Bulk.elemDrop]: ONE_NUMBER,
  [Bulk.tableCopy]: TWO_NUMBERS,
  [Bulk.tableGrow]: ONE_NUMBER,
  [Bulk.tableSize]: ONE_NUMBER,
  [Bulk.tableFill]: ONE_NUMBER,
}

function skipBulk(reader: ByteReader): number {
  const code = reader.u32()
  const skip = code < Bulk.memoryInit ? NONE : BULK[code]
  if (skip === undefined) throw refused(Op.bulk, code)
  skip(reader)
  return code
}

/** The last instruction of relaxed vectors. */
const LAST_VECTOR = 275

/** As {@link RANGES}, for the second number behind 0xfd; in no range nothing stands behind it. */
const VECTORS: readonly (readonly [from: number, to: number, skip: Skip])[] = [
  [0, 11, MEMORY_OPERAND],
  [12, 13, bytes(16)], // v128.const, i8x16.shuffle
  [21, 34, bytes(1)], // lanes
  [
    84,
    91,
    (reader) => {
      readMemoryOperand(reader)
      return bytes(1)(reader)
    },
  ],
  [92, 93, MEMORY_OPERAND],
]

function skipVector(reader: ByteReader): number {
  const code = reader.u32()
  if (code > LAST_VECTOR) throw refused(Op.vector, code)
  VECTORS.find(([from, to]) => code >= from && code <= to)?.[2](reader)
  return code
}

function refused(opcode: number, code?: number): ModuleRefusal {
  const hex = [opcode, ...(code === undefined ? [] : [code])].map((part) => `0x${part.toString(16)}`)
  return new ModuleRefusal(`it uses the instruction ${hex.join(' ')}, which plugins must not use`)
}
