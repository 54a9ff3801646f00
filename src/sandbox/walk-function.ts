import { ByteReader } from './byte-reader.ts'
import { Op, skipImmediates } from './instructions.ts'
import { ModuleRefusal } from './refusal.ts'

export interface Instruction {
  readonly opcode: number
  /** The second number of instructions that have one, else -1. */
  readonly code: number
  /** Where the opcode stands, and where the next instruction begins. */
  readonly start: number
  readonly end: number
}

/** The local variables that a function declares, and where its instructions begin. */
export interface FunctionHead {
  readonly localGroups: number
  readonly localCount: number
  /** Where the groups of locals begin, behind their count. */
  readonly groupsStart: number
  readonly codeStart: number
}

const MAX_LOCALS = 50_000

export function readFunctionHead(body: Uint8Array): FunctionHead {
  const reader = new ByteReader(body)
  const localGroups = reader.u32()
  const groupsStart = reader.offset
  let localCount = 0
  for (let group = 0; group < localGroups; group += 1) {
    localCount += reader.u32()
    // The engine has the same limit; below it the count cannot overflow.
    if (localCount > MAX_LOCALS) throw new ModuleRefusal(`a function of it has over ${MAX_LOCALS} locals`)
    readValueType(reader)
  }
  return { localGroups, localCount, groupsStart, codeStart: reader.offset }
}

/** Calls `visit` for every instruction of a function body, its last `end` included. */
export function walkFunction(
  body: Uint8Array,
  codeStart: number,
  visit: (instruction: Instruction) => void,
): void {
  const reader = new ByteReader(body, codeStart)
  while (!reader.isAtEnd) {
    const start = reader.offset
    const opcode = reader.byte()
    const code = skipImmediates(opcode, reader)
    visit({ opcode, code, start, end: reader.offset })
  }
  if (body.at(-1) !== Op.end) throw new ModuleRefusal('a function of it does not end')
}

/** Reads a number, vector or plain reference type. */
export function readValueType(reader: ByteReader): number {
  const type = reader.byte()
  const isKnown = (type >= 0x7b && type <= 0x7f) || type === 0x70 || type === 0x6f
  if (!isKnown) throw new ModuleRefusal(`it uses the type 0x${type.toString(16)}, which plugins must not use`)
  return type
}
