import type { Part } from './socket-output.ts'

/** A piece of a body in the chunked transfer coding (RFC 9112 §7.1). */
export function chunkParts(
  piece: Part,
  sizeBytes: number,
): { readonly parts: readonly Part[]; readonly sizeBytes: number } {
  const start = `${sizeBytes.toString(16)}\r\n`
  return { parts: [start, piece, '\r\n'], sizeBytes: start.length + sizeBytes + 2 }
}
