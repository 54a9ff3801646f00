import { hash } from 'node:crypto'

/** A line of the log that workers count by. */
export type WindowRecord =
  | { readonly kind: 'begin'; readonly segment: number }
  | { readonly kind: 'end'; readonly segment: number }
  | {
      readonly kind: 'take'
      readonly segment: number
      /** Who has written it, and which of theirs it is. */
      readonly writer: number
      readonly sequence: number
      readonly timeMs: number
      readonly windowMs: number
      readonly quota: number
      readonly key: string
    }

/**
 * All lines have one length that divides a page of memory, so that none is ever written in part: not even by a process that
 * is killed while it writes.
 */
export const RECORD_BYTES = 128
const KINDS = ['begin', 'end', 'take'] as const
/** Kind, length of the key, writer, segment, sequence, quota, time, window. */
const HEAD_BYTES = 36
const MAX_KEY_BYTES = RECORD_BYTES - HEAD_BYTES

/** What is written of a key: itself, or a digest where it is too long. */
export function recordedKey(key: string): string {
  return Buffer.byteLength(key) <= MAX_KEY_BYTES ? key : `sha256 ${hash('sha256', key, 'base64')}`
}

/** Writes a record into a buffer of {@link RECORD_BYTES}; its key has to be a {@link recordedKey}. */
export function writeRecord(buffer: Buffer, record: WindowRecord): void {
  const isTake = record.kind === 'take'
  buffer.writeUInt8(KINDS.indexOf(record.kind), 0)
  buffer.writeUInt8(isTake ? buffer.write(record.key, HEAD_BYTES, 'utf8') : 0, 1)
  buffer.writeUInt16LE(0, 2)
  buffer.writeUInt32LE(isTake ? record.writer : 0, 4)
  buffer.writeUInt32LE(record.segment, 8)
  buffer.writeUInt32LE(isTake ? record.sequence : 0, 12)
  buffer.writeUInt32LE(isTake ? record.quota : 0, 16)
  buffer.writeDoubleLE(isTake ? record.timeMs : 0, 20)
  buffer.writeDoubleLE(isTake ? record.windowMs : 0, 28)
}

/** The record at an offset that {@link RECORD_BYTES} divides. */
export function readRecord(bytes: Buffer, offset: number): WindowRecord {
  const kind = KINDS[bytes.readUInt8(offset)] ?? 'end'
  const segment = bytes.readUInt32LE(offset + 8)
  if (kind !== 'take') return { kind, segment }
  const keyAt = offset + HEAD_BYTES
  return {
    kind,
    segment,
    writer: bytes.readUInt32LE(offset + 4),
    sequence: bytes.readUInt32LE(offset + 12),
    quota: bytes.readUInt32LE(offset + 16),
    timeMs: bytes.readDoubleLE(offset + 20),
    windowMs: bytes.readDoubleLE(offset + 28),
    key: bytes.toString('utf8', keyAt, keyAt + bytes.readUInt8(offset + 1)),
  }
}
