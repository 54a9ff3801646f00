import { s32, u32 } from './byte-writer.ts'
import { Bulk, Op } from './instructions.ts'

/** Memory is put back in blocks of 2^12 bytes. */
export const BLOCK_SHIFT = 12

/** Where the added parts of a module stand. */
export interface AddedIndexes {
  /** A global `i32`: what may still be spent. */
  readonly fuel: number
  /** A global `i32`: the size of memory that the plugin sees, in pages. */
  readonly pages: number
}

/** The locals that a function gets besides its own. */
export interface AddedLocals {
  readonly first: number
  readonly second: number
  readonly third: number
  /** One for each value type that is stored. */
  readonly valueOf: (type: number) => number
}

const I32 = 0x7f
const EMPTY = 0x40
const ADD = 0x6a
const SUB = 0x6b
const SHIFT_RIGHT = 0x76
const EQUAL = 0x46
const LESS_SIGNED = 0x48
const LESS = 0x49
const GREATER = 0x4b
/** `i32.store16` without alignment and offset in the second memory. */
const STORE16_DIRTY = [0x3b, 0x40, 0x01, 0x00]
const FILL_DIRTY = [Op.bulk, Bulk.memoryFill, 0x01]

const get = (local: number) => [Op.localGet, ...u32(local)]
const set = (local: number) => [Op.localSet, ...u32(local)]
const tee = (local: number) => [Op.localTee, ...u32(local)]
const getGlobal = (index: number) => [Op.globalGet, ...u32(index)]
const setGlobal = (index: number) => [Op.globalSet, ...u32(index)]
const constant = (value: number) => [Op.i32Const, ...s32(value)]

/** Spends a fixed cost, and traps where nothing is left. */
export function charge(cost: number, { fuel }: AddedIndexes): number[] {
  return [...getGlobal(fuel), ...constant(cost), SUB, ...setGlobal(fuel), ...trapWhenSpent(fuel)]
}

function trapWhenSpent(fuel: number): number[] {
  return [...getGlobal(fuel), ...constant(0), LESS_SIGNED, Op.if, EMPTY, Op.unreachable, Op.end]
}

/**
 * Stands before a store: with the address and the value on the stack it marks the block of the address and the one
 * after it, into which the value may reach. An address that wraps marks a wrong block; its store traps.
 */
export function markStore(offset: number, value: number, { first }: AddedLocals): number[] {
  const shifted = offset === 0 ? [] : [...constant(offset), ADD]
  return [
    ...set(value),
    ...tee(first),
    ...shifted,
    ...constant(BLOCK_SHIFT),
    SHIFT_RIGHT,
    ...constant(0x0101),
    ...STORE16_DIRTY,
    ...get(first),
    ...get(value),
  ]
}

/** Stands before `memory.fill`, `.copy` and `.init`: spends by length, and marks every block of the destination. */
export function markRange({ fuel }: AddedIndexes, { first, second, third }: AddedLocals): number[] {
  const block = (...address: number[]) => [...address, ...constant(BLOCK_SHIFT), SHIFT_RIGHT]
  return [
    ...set(third),
    ...set(second),
    ...set(first),
    ...getGlobal(fuel),
    ...get(third),
    ...constant(4),
    SHIFT_RIGHT,
    SUB,
    ...setGlobal(fuel),
    ...trapWhenSpent(fuel),
    ...block(...get(first)),
    ...constant(1),
    ...block(...get(first), ...get(third), ADD),
    ...block(...get(first)),
    SUB,
    ...constant(1),
    ADD,
    ...FILL_DIRTY,
    ...get(first),
    ...get(second),
    ...get(third),
  ]
}

/** Stands for `memory.size`. */
export function visibleSize({ pages }: AddedIndexes): number[] {
  return getGlobal(pages)
}

/**
 * Stands for `memory.grow`. Memory cannot shrink again, so that an instance which is used once more already has the
 * pages that an earlier request asked for: only what is missing is added.
 */
export function growVisible({ pages }: AddedIndexes, { first, second }: AddedLocals): number[] {
  const size = [Op.memorySize, 0x00]
  const missing = [...get(second), ...size, SUB, Op.memoryGrow, 0x00]
  const added = [...get(second), ...size, GREATER, Op.if, I32, ...missing, Op.else, ...constant(0), Op.end]
  const failed = [...constant(-1), Op.else]
  const done = [...getGlobal(pages), ...get(second), ...setGlobal(pages), Op.end]
  const sum = [...getGlobal(pages), ...get(first), ADD, ...tee(second)]
  const overflows = [...get(first), LESS, Op.if, I32, ...failed]
  return [
    ...set(first),
    ...sum,
    ...overflows,
    ...added,
    ...constant(-1),
    EQUAL,
    Op.if,
    I32,
    ...failed,
    ...done,
    Op.end,
  ]
}
