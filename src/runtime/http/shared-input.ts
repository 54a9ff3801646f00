import type { OnReadOpts } from 'node:net'

/** As much as is read at once. */
export const SHARED_INPUT_BYTES = 65_536

/** What is read from any socket: each piece is taken before the next is read, of whichever socket. */
const input = Buffer.alloc(SHARED_INPUT_BYTES)
/** Views of its first bytes, by how many they are: heads are this small, and making a view takes longer than reading one. */
const views: (Buffer | undefined)[] = Array.from({ length: 2048 }, () => undefined)

/**
 * Has a socket read into memory that all share: what is handed on is written over by the next read. It is false to read
 * nothing more until the socket is told to.
 */
export function sharedInput(onData: (chunk: Buffer) => boolean): OnReadOpts {
  return { buffer: input, callback: (sizeBytes) => onData(firstBytes(sizeBytes)) }
}

function firstBytes(sizeBytes: number): Buffer {
  if (sizeBytes >= views.length) return input.subarray(0, sizeBytes)
  return (views[sizeBytes] ??= input.subarray(0, sizeBytes))
}

/** True where a piece of input is written over by the next read. */
export function isLent(piece: Buffer): boolean {
  return piece.buffer === input.buffer
}

/** A piece of input that stays as it is: a copy where it is in the memory that all share. */
export function kept(piece: Buffer): Buffer {
  return isLent(piece) ? Buffer.from(piece) : piece
}
