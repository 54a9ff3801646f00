import type { Guest, HostFunctions } from './guest.ts'

/** Error numbers of WASI preview 1. */
const SUCCESS = 0
const INVALID = 28

const MAX_VECTORS = 1024
const MAX_RANDOM_BYTES = 64 * 1024

/**
 * The part of WASI preview 1 that toolchains link in without asking: no files, no arguments, an empty environment;
 * what is printed is dropped.
 */
export function wasi(guest: Guest): HostFunctions {
  return {
    random_get: (pointer: number, length: number) => {
      if (length >>> 0 > MAX_RANDOM_BYTES) return INVALID
      const bytes = Buffer.alloc(length)
      guest.services.fillRandom(bytes)
      guest.spend(bytes.byteLength)
      guest.memory.write(pointer, bytes)
      return SUCCESS
    },
    clock_time_get: (clock: number, _precision: bigint, pointer: number) => {
      guest.spend(0)
      const ms = clock === 0 ? guest.services.nowMs() : guest.services.uptimeMs()
      guest.memory.writeU64(pointer, BigInt(Math.trunc(ms * 1000)) * 1000n)
      return SUCCESS
    },
    fd_write: (_fd: number, vectors: number, count: number, written: number) => {
      if (count >>> 0 > MAX_VECTORS) return INVALID
      const list = guest.bytes(vectors, count * 8)
      let total = 0
      for (let at = 4; at < list.byteLength; at += 8) total += list.readUInt32LE(at)
      guest.memory.writeU32(written, total >>> 0)
      return SUCCESS
    },
    environ_get: () => {
      guest.spend(0)
      return SUCCESS
    },
    environ_sizes_get: (count: number, size: number) => {
      guest.spend(0)
      guest.memory.writeU32(count, 0)
      guest.memory.writeU32(size, 0)
      return SUCCESS
    },
    sched_yield: () => {
      guest.spend(0)
      return SUCCESS
    },
    proc_exit: () => guest.spend(0),
  }
}
