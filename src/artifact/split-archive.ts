import { createHash } from 'node:crypto'

import { comparePaths, sha256Hex, type Digest } from '../domain/index.ts'
import type { ReaderLimits } from './limits.ts'
import { artifactProblems as problems } from './problems.ts'
import { BLOCK_BYTES, decodeHeader, encodeHeader, type HeaderFields } from './tar-header.ts'

export const MANIFEST_ENTRY = 'manifest.json'
export const CHECKSUM_ENTRY = 'checksum'

export interface ArchiveEntry extends HeaderFields {
  /** A view into the archive. */
  readonly bytes: Buffer
}

export interface SplitArchive {
  readonly entries: readonly ArchiveEntry[]
  /** The SHA-256 of the whole archive. */
  readonly digest: Digest
}

/**
 * Splits an archive into its entries, the checksum checked and left out. Accepts only the one form that the encoder
 * writes: canonical headers, zero padding, manifest first, the rest in byte order, two zero blocks and no more.
 *
 * @throws {ProblemError} BCN_ARTIFACT_TOO_LARGE, BCN_ARTIFACT_MALFORMED, BCN_ARTIFACT_CHECKSUM
 */
export function splitArchive(archive: Buffer, limits: ReaderLimits): SplitArchive {
  if (archive.byteLength > limits.maxSizeBytes) {
    throw problems.BCN_ARTIFACT_TOO_LARGE({ what: `${archive.byteLength} bytes`, limit: limits.maxSizeBytes })
  }
  const entries: ArchiveEntry[] = []
  for (let offset = 0; ;) {
    const entry = readEntry(archive, offset, limits)
    checkOrder(entries, entry.path, offset)
    const next = offset + BLOCK_BYTES + paddedSize(entry.sizeBytes)
    if (entry.path === CHECKSUM_ENTRY) {
      checkEnd(archive, next)
      return { entries, digest: checkChecksum(archive, offset, entry) }
    }
    entries.push(entry)
    if (entries.length > limits.maxEntries) {
      throw problems.BCN_ARTIFACT_TOO_LARGE({ what: 'more entries', limit: limits.maxEntries })
    }
    offset = next
  }
}

/** The bytes that content of this size takes in the archive. */
export function paddedSize(sizeBytes: number): number {
  return Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES
}

/** The content of the checksum entry for the bytes before it. */
export function checksumText(before: Uint8Array): string {
  return `sha256:${sha256Hex(before)}\n`
}

function readEntry(archive: Buffer, offset: number, limits: ReaderLimits): ArchiveEntry {
  const block = archive.subarray(offset, offset + BLOCK_BYTES)
  if (block.byteLength < BLOCK_BYTES) throw malformed(offset, 'the file ends before its checksum')
  const header = decodeHeader(block)
  if (Buffer.byteLength(header.path) > limits.maxPathBytes || !isCanonical(block, header)) {
    throw malformed(offset, 'an entry has a header that this format does not allow')
  }
  const start = offset + BLOCK_BYTES
  const end = start + header.sizeBytes
  const paddedEnd = start + paddedSize(header.sizeBytes)
  if (paddedEnd > archive.byteLength) throw malformed(offset, `the file ends within ${header.path}`)
  if (!isZero(archive.subarray(end, paddedEnd)))
    throw malformed(end, `${header.path} is not padded with zeros`)
  return { ...header, bytes: archive.subarray(start, end) }
}

function isCanonical(block: Buffer, header: HeaderFields): boolean {
  if (header.path === '' || header.sizeBytes < 0 || header.mtimeSeconds < 0) return false
  try {
    return encodeHeader(header).equals(block)
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

function checkOrder(before: readonly ArchiveEntry[], path: string, offset: number): void {
  if (before.length === 0) {
    if (path !== MANIFEST_ENTRY) throw malformed(offset, `it does not begin with ${MANIFEST_ENTRY}`)
    return
  }
  if (path === CHECKSUM_ENTRY) return
  if (path === MANIFEST_ENTRY) throw malformed(offset, `${path} stands twice`)
  const last = before.length > 1 ? before.at(-1)?.path : undefined
  if (last !== undefined && comparePaths(last, path) >= 0) {
    throw malformed(offset, `${path} stands twice or out of order`)
  }
}

function checkEnd(archive: Buffer, end: number): void {
  if (archive.byteLength !== end + 2 * BLOCK_BYTES || !isZero(archive.subarray(end))) {
    throw malformed(end, 'it does not end with two zero blocks')
  }
}

/** Gives the digest of the archive, which hashes the same bytes and those from the checksum on. */
function checkChecksum(archive: Buffer, offset: number, entry: ArchiveEntry): Digest {
  const hash = createHash('sha256').update(archive.subarray(0, offset))
  const expected = entry.bytes.toString('latin1')
  const actual = `sha256:${hash.copy().digest('hex')}\n`
  if (expected !== actual) {
    throw problems.BCN_ARTIFACT_CHECKSUM({ expected: printable(expected), actual: actual.trim() })
  }
  return `sha256:${hash.update(archive.subarray(offset)).digest('hex')}`
}

function printable(text: string): string {
  return JSON.stringify(text.trim().slice(0, 80)).slice(1, -1)
}

function isZero(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== 0) return false
  return true
}

function malformed(offset: number, reason: string) {
  return problems.BCN_ARTIFACT_MALFORMED({ offset, reason })
}
