import { Bulk, isVectorStore, Op } from './instructions.ts'
import { walkFunction, type Instruction } from './walk-function.ts'

/** What a function body needs, found in a first pass. */
export interface FunctionTraits {
  /** Instructions outside of loops, then those of each loop in the order of their headers, inner loops left out. */
  readonly costs: readonly number[]
  readonly writesMemory: boolean
  readonly usesVectors: boolean
  /** It changes tables or drops segments: state that cannot be put back. */
  readonly keepsState: boolean
}

const STATEFUL: ReadonlySet<number> = new Set([
  Bulk.dataDrop,
  Bulk.tableInit,
  Bulk.elemDrop,
  Bulk.tableCopy,
  Bulk.tableGrow,
  Bulk.tableFill,
])

export function scanFunction(body: Uint8Array, codeStart: number): FunctionTraits {
  const costs = [1]
  const open = [0]
  let writesMemory = false
  let usesVectors = false
  let keepsState = false
  walkFunction(body, codeStart, (instruction) => {
    const { opcode, code } = instruction
    const current = open.at(-1) ?? 0
    costs[current] = (costs[current] as number) + 1
    if (opcode === Op.loop) open.push(costs.push(1) - 1)
    else if (opcode === Op.block || opcode === Op.if) open.push(current)
    else if (opcode === Op.end) open.pop()
    if (isVectorWrite(instruction)) usesVectors = true
    if (writes(instruction)) writesMemory = true
    if (opcode === Op.tableSet || (opcode === Op.bulk && STATEFUL.has(code))) keepsState = true
  })
  return { costs, writesMemory, usesVectors, keepsState }
}

/** True for the stores of numbers, `i32.store` to `i64.store32`. */
export function isNumberStore(opcode: number): boolean {
  return opcode >= 0x36 && opcode <= 0x3e
}

export function isVectorWrite({ opcode, code }: Instruction): boolean {
  return opcode === Op.vector && isVectorStore(code)
}

/** True for what writes a range of memory. */
export function isRangeWrite({ opcode, code }: Instruction): boolean {
  return (
    opcode === Op.bulk && (code === Bulk.memoryInit || code === Bulk.memoryCopy || code === Bulk.memoryFill)
  )
}

function writes(instruction: Instruction): boolean {
  const { opcode } = instruction
  return (
    isNumberStore(opcode) ||
    opcode === Op.memoryGrow ||
    isVectorWrite(instruction) ||
    isRangeWrite(instruction)
  )
}
