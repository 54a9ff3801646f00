import type { Socket } from 'node:net'

/** What is smaller is copied into one piece: one write is one system call and often one packet. */
const MERGED_BYTES = 32 * 1024
/** Where more than this waits in a socket, whoever writes to it has to wait too. */
const HIGH_WATER_BYTES = 128 * 1024

const EMPTY = Buffer.alloc(0)

/** Texts of characters up to U+00FF, and bytes. */
export type Part = string | Buffer

/** Writes parts in one go. */
export function writeParts(socket: Socket, parts: readonly Part[], sizeBytes: number): void {
  const [only] = parts
  if (parts.length === 1) {
    if (typeof only === 'string') socket.write(only, 'latin1')
    else socket.write(only as Buffer)
  } else if (sizeBytes <= MERGED_BYTES) socket.write(merge(parts, sizeBytes))
  else {
    socket.cork()
    for (const part of parts) {
      if (typeof part === 'string') socket.write(part, 'latin1')
      else socket.write(part)
    }
    socket.uncork()
  }
}

/** What of a piece is behind the bytes that were read; mostly nothing, for which no view is made. */
export function behind(piece: Buffer, readBytes: number): Buffer {
  return readBytes === piece.byteLength ? EMPTY : piece.subarray(readBytes)
}

/** True where a socket takes what it is given faster than it has to be kept. */
export function isRoomy(socket: Socket): boolean {
  return socket.writableLength < HIGH_WATER_BYTES
}

function merge(parts: readonly Part[], sizeBytes: number): Buffer {
  const merged = Buffer.allocUnsafe(sizeBytes)
  let offset = 0
  for (const part of parts) {
    if (typeof part === 'string') offset += merged.write(part, offset, 'latin1')
    else {
      merged.set(part, offset)
      offset += part.byteLength
    }
  }
  return merged
}
