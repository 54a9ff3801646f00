import { ByteReader } from './byte-reader.ts'
import { Op, skipImmediates } from './instructions.ts'
import { readValueType } from './walk-function.ts'

export interface MutableGlobal {
  readonly index: number
  /** The name of the export that holds it. */
  readonly name: string
  /** False for vectors and references, which cannot be saved and put back from outside. */
  readonly isNumber: boolean
}

export interface Globals {
  readonly count: number
  /** The entries of the section, without their count. */
  readonly entries: Uint8Array
  readonly mutable: readonly Omit<MutableGlobal, 'name'>[]
}

export function readGlobals(section: Uint8Array | undefined): Globals {
  const reader = new ByteReader(section ?? new Uint8Array([0]))
  const count = reader.u32()
  const start = reader.offset
  const mutable: Omit<MutableGlobal, 'name'>[] = []
  for (let index = 0; index < count; index += 1) {
    const type = readValueType(reader)
    if (reader.byte() === 1) mutable.push({ index, isNumber: type >= 0x7c })
    for (let opcode = reader.byte(); opcode !== Op.end; opcode = reader.byte()) skipImmediates(opcode, reader)
  }
  return { count, entries: reader.bytes.subarray(start, reader.offset), mutable }
}
