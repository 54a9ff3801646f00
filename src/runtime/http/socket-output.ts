import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

import { flushAtTurnEnd } from './turn-end.ts'

/** What is smaller is written as one text, which Node encodes on its stack and gives the kernel without an allocation. */
export const TEXT_BYTES = 8 * 1024
/** What is smaller is copied into one piece: one write is one system call and often one packet. */
const MERGED_BYTES = 32 * 1024
/** Where more than this waits in a socket, whoever writes to it has to wait too. */
const HIGH_WATER_BYTES = 128 * 1024

const EMPTY = Buffer.alloc(0)

/** Texts of characters up to U+00FF, and bytes. */
export type Part = string | Buffer

/** The output of a socket, whose only writer it is: what is small leaves at the end of the turn, together. */
export class SocketOutput {
  readonly #socket: Socket
  #text = ''

  constructor(socket: Socket) {
    this.#socket = socket
  }

  /** True where the socket takes what it is given faster than it has to be kept. */
  get isRoomy(): boolean {
    return this.#socket.writableLength + this.#text.length < HIGH_WATER_BYTES
  }

  /** Writes a text of characters up to U+00FF. */
  writeText(text: string): void {
    if (this.#text.length + text.length > TEXT_BYTES) this.write([text], text.length)
    else this.#hold(text)
  }

  /** Writes such a text and the bytes behind it in one go. */
  writeMessage(head: string, body: Buffer): void {
    const sizeBytes = head.length + body.length
    if (this.#text.length + sizeBytes > TEXT_BYTES) this.write([head, body], sizeBytes)
    else this.#hold(head + body.toString('latin1'))
  }

  /**
   * Writes parts in one go; false where the writer has to wait for a drain.
   *
   * @param onTaken called once their bytes are not needed any more; never where the connection ends before
   */
  write(parts: readonly Part[], sizeBytes: number, onTaken?: () => void): boolean {
    if (this.#socket.destroyed) return true
    const text = this.#text
    if (text.length + sizeBytes <= TEXT_BYTES) {
      this.#hold(joined(parts))
      onTaken?.()
    } else {
      this.#text = ''
      const all = text === '' ? parts : [text, ...parts]
      writeParts(this.#socket, all, text.length + sizeBytes, onTaken)
    }
    return this.isRoomy
  }

  #hold(text: string): void {
    if (this.#text === '') {
      this.#text = text
      flushAtTurnEnd(this)
    } else this.#text += text
  }

  /** Gives the socket what waits for the end of the turn. */
  flush(): void {
    const text = this.#text
    if (text === '') return
    this.#text = ''
    if (!this.#socket.destroyed) this.#socket.write(text, 'latin1')
  }

  /** Says that nothing follows. */
  end(): void {
    this.flush()
    this.#socket.end()
  }

  /** Ends the connection as soon as everything is written. */
  destroySoon(): void {
    this.flush()
    this.#socket.destroySoon()
  }

  /** Ends the connection with what the system takes at once; by a reset where its end alone would not say enough. */
  destroy(withReset: boolean): void {
    this.flush()
    // TLS says by itself where an end is none.
    if (withReset && !(this.#socket instanceof TLSSocket)) this.#socket.resetAndDestroy()
    else this.#socket.destroy()
  }
}

function writeParts(socket: Socket, parts: readonly Part[], sizeBytes: number, onTaken?: () => void): void {
  const taken = onTaken === undefined ? undefined : whenWritten(onTaken)
  if (parts.length === 1) writePart(socket, parts[0] as Part, taken)
  else if (sizeBytes <= MERGED_BYTES) {
    socket.write(merge(parts, sizeBytes))
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

/** What of a piece is behind the bytes that were read; mostly nothing, for which no view is made. */
export function behind(piece: Buffer, readBytes: number): Buffer {
  return readBytes === piece.byteLength ? EMPTY : piece.subarray(readBytes)
}
