import type { Socket } from 'node:net'

/** What is smaller is written as one text, which Node encodes on its stack and gives the kernel without an allocation. */
export const TEXT_BYTES = 8 * 1024
/** What is smaller is copied into one piece: one write is one system call and often one packet. */
const MERGED_BYTES = 32 * 1024
/** Where more than this waits in a socket, whoever writes to it has to wait too. */
const HIGH_WATER_BYTES = 128 * 1024

const EMPTY = Buffer.alloc(0)

/** Texts of characters up to U+00FF, and bytes. */
export type Part = string | Buffer

/** Writes a text of characters up to U+00FF and the bytes behind it in one go. */
export function writeMessage(socket: Socket, head: string, body: Buffer): void {
  if (head.length + body.length <= TEXT_BYTES) socket.write(head + body.toString('latin1'), 'latin1')
  else writeParts(socket, [head, body], head.length + body.length)
}

/**
 * Writes parts in one go.
 *
 * @param onTaken called once their bytes are not needed any more; never where the connection ends before
 */
export function writeParts(
  socket: Socket,
  parts: readonly Part[],
  sizeBytes: number,
  onTaken?: () => void,
): void {
  const taken = onTaken === undefined ? undefined : whenWritten(onTaken)
  if (parts.length === 1) writePart(socket, parts[0] as Part, taken)
  else if (sizeBytes <= MERGED_BYTES) {
    if (sizeBytes <= TEXT_BYTES) socket.write(joined(parts), 'latin1')
    else socket.write(merge(parts, sizeBytes))
    onTaken?.()
  } else {
    socket.cork()
    const last = parts.length - 1
    for (const [index, part] of parts.entries()) writePart(socket, part, index === last ? taken : undefined)
    socket.uncork()
  }
}

function whenWritten(onTaken: () => void): (error?: Error | null) => void {
  return (error) => {
    if (error === undefined || error === null) onTaken()
  }
}

function writePart(socket: Socket, part: Part, onWritten?: (error?: Error | null) => void): void {
  if (typeof part === 'string') socket.write(part, 'latin1', onWritten)
  else socket.write(part, onWritten)
}

/** Bytes are characters up to U+00FF one by one. */
function joined(parts: readonly Part[]): string {
  let text = ''
  for (const part of parts) text += typeof part === 'string' ? part : part.toString('latin1')
  return text
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
