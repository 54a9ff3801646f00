import { closeSync, fstatSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

import { RECORD_BYTES, writeRecord } from './window-record.ts'

/** A segment is full with this much, which is 65,536 requests. */
const SEGMENT_BYTES = 8 * 1024 * 1024
/** The one that is written, the one before, and the one that is next. */
export const RING_FILES = 3

/** The files of the log that workers count by: segment `n` is in file `n % 3`. */
export interface LogRing {
  /** Open for appending and reading; for processes that inherit them. */
  readonly files: readonly number[]
  /** Begins the next segment where the one that is written is full. */
  readonly turn: () => void
  readonly close: () => void
}

/**
 * Makes the log in a folder, best one in memory. Its files have no names by the time this returns: whatever becomes of the
 * processes, nothing stays behind.
 *
 * @throws the system's error where the folder cannot be written to.
 */
export function createLogRing(parent: string, segmentBytes = SEGMENT_BYTES): LogRing {
  const folder = mkdtempSync(join(parent, 'barbacane-'))
  const files: number[] = []
  try {
    for (let index = 0; index < RING_FILES; index += 1) {
      files.push(openSync(join(folder, String(index)), 'ax+', 0o600))
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  const buffer = Buffer.alloc(RECORD_BYTES)
  let segment = 0
  const append = (kind: 'begin' | 'end', of: number) => {
    writeRecord(buffer, { kind, segment: of })
    writeSync(files[of % RING_FILES] as number, buffer)
  }
  append('begin', segment)
  return {
    files,
    turn: () => {
      if (fstatSync(files[segment % RING_FILES] as number).size < segmentBytes) return
      ftruncateSync(files[(segment + 1) % RING_FILES] as number)
      append('begin', segment + 1)
      // Whoever writes behind this line finds out when he reads it, and writes again.
      append('end', segment)
      segment += 1
    },
    close: () => {
      for (const file of files) closeSync(file)
    },
  }
}
