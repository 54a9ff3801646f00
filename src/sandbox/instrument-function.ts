import { ByteReader } from './byte-reader.ts'
import { PieceList, prefixed, u32 } from './byte-writer.ts'
import { isNumberStore, isRangeWrite, isVectorWrite, scanFunction } from './function-costs.ts'
import {
  charge,
  growVisible,
  markRange,
  markStore,
  visibleSize,
  type AddedIndexes,
  type AddedLocals,
} from './injected.ts'
import { Op, readMemoryOperand } from './instructions.ts'
import { readFunctionHead, walkFunction, type FunctionHead, type Instruction } from './walk-function.ts'

const I32 = 0x7f
const I64 = 0x7e
const F32 = 0x7d
const F64 = 0x7c
const V128 = 0x7b

/** The types that the stores from 0x36 to 0x3e take. */
const STORED = [I32, I64, F32, F64, I32, I32, I64, I64, I64]

export interface InstrumentedFunction {
  /** The body with its length in front. */
  readonly bytes: Uint8Array
  readonly keepsState: boolean
}

/** Puts metering, marking of what is written and the visible memory size into a function body. */
export function instrumentFunction(
  body: Uint8Array,
  parameterCount: number,
  indexes: AddedIndexes,
): InstrumentedFunction {
  const head = readFunctionHead(body)
  const { costs, writesMemory, usesVectors, keepsState } = scanFunction(body, head.codeStart)
  const locals = writesMemory ? addedLocals(parameterCount + head.localCount) : undefined
  const pieces = new PieceList()
  pieces.push(localsOf(body, head, { writesMemory, usesVectors }))
  pieces.push(charge(costs[0] as number, indexes))
  let copied = head.codeStart
  let loops = 0
  walkFunction(body, head.codeStart, (instruction) => {
    if (instruction.opcode === Op.loop) {
      loops += 1
      pieces.push(body.subarray(copied, instruction.end))
      pieces.push(charge(costs[loops] as number, indexes))
      copied = instruction.end
      return
    }
    const put = replacement(body, instruction, { indexes, locals })
    if (put === undefined) return
    pieces.push(body.subarray(copied, instruction.start))
    pieces.push(put.bytes)
    copied = put.replaces ? instruction.end : instruction.start
  })
  pieces.push(body.subarray(copied))
  return { bytes: prefixed(pieces.concat()), keepsState }
}

interface Placement {
  readonly bytes: readonly number[]
  /** The instruction itself is left out. */
  readonly replaces: boolean
}

function replacement(
  body: Uint8Array,
  instruction: Instruction,
  { indexes, locals }: { readonly indexes: AddedIndexes; readonly locals: AddedLocals | undefined },
): Placement | undefined {
  const { opcode } = instruction
  if (opcode === Op.memorySize) return { bytes: visibleSize(indexes), replaces: true }
  if (locals === undefined) return undefined
  if (opcode === Op.memoryGrow) return { bytes: growVisible(indexes, locals), replaces: true }
  if (isNumberStore(opcode)) {
    const value = locals.valueOf(STORED[opcode - 0x36] as number)
    return { bytes: markStore(offsetOf(body, instruction), value, locals), replaces: false }
  }
  if (isVectorWrite(instruction)) {
    const offset = offsetOf(body, instruction)
    return { bytes: markStore(offset, locals.valueOf(V128), locals), replaces: false }
  }
  return isRangeWrite(instruction) ? { bytes: markRange(indexes, locals), replaces: false } : undefined
}

function offsetOf(body: Uint8Array, { opcode, start }: Instruction): number {
  const reader = new ByteReader(body, start + 1)
  if (opcode === Op.vector) reader.u32()
  return readMemoryOperand(reader)
}

/** Three of i32 and one of each other number type; vectors last, so that they can be left out. */
const TYPES = [I32, I32, I32, I64, F32, F64, V128]

function addedLocals(base: number): AddedLocals {
  return {
    first: base,
    second: base + 1,
    third: base + 2,
    valueOf: (type) => base + (type === I32 ? 1 : TYPES.indexOf(type)),
  }
}

function localsOf(
  body: Uint8Array,
  { localGroups, groupsStart, codeStart }: FunctionHead,
  { writesMemory, usesVectors }: { readonly writesMemory: boolean; readonly usesVectors: boolean },
): Uint8Array {
  const types = writesMemory ? TYPES.slice(0, usesVectors ? 7 : 6) : []
  const added = types.flatMap((type) => [1, type])
  const count = u32(localGroups + types.length)
  return Buffer.concat([Buffer.from(count), body.subarray(groupsStart, codeStart), Buffer.from(added)])
}
