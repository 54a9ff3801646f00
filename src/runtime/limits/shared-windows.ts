import { readSync, writeSync } from 'node:fs'

import { RING_FILES } from './log-ring.ts'
import { SlidingLog } from './sliding-log.ts'
import type { WindowCounter, WindowState } from './window-counter.ts'
import { readRecord, RECORD_BYTES, recordedKey, writeRecord, type WindowRecord } from './window-record.ts'

export interface SharedWindowsOptions {
  /** The files of a log ring, open for appending and reading. */
  readonly files: readonly number[]
  /** This process among those that share the log; another after every start. */
  readonly writer: number
  /** What makes the clock that is given one that all of the processes have. */
  readonly clockOffsetMs: number
  /** Told when so much was written without this process reading that it has missed some. */
  readonly onMissed: () => void
}

const CHUNK_BYTES = 64 * 1024
/** No file of the ring is used again within this time: that takes two full segments. */
const MAX_TRUST_MS = 1000

type Take = Extract<WindowRecord, { kind: 'take' }>

/**
 * Counts together with other processes, exactly: each appends what it wants to count to one log, then reads the log up to
 * its own line. All read the same lines in the same order, so all come to the same result (a replicated state machine),
 * without waiting for each other and without anything that a process which dies could leave locked.
 */
export class SharedWindows implements WindowCounter {
  #windows = new SlidingLog()
  readonly #options: SharedWindowsOptions
  readonly #record = Buffer.alloc(RECORD_BYTES)
  readonly #chunk = Buffer.alloc(CHUNK_BYTES)
  #segment: number
  #offset = 0
  #sequence = 0
  #lastMs = -Infinity
  #followedMs = -Infinity

  constructor(options: SharedWindowsOptions) {
    this.#options = options
    const segments = this.#segments()
    this.#segment = Math.min(...segments)
    this.#read(undefined)
  }

  take(key: string, quota: number, windowMs: number, nowMs: number): WindowState {
    this.#sequence += 1
    const { writer, clockOffsetMs } = this.#options
    if (nowMs - this.#followedMs > MAX_TRUST_MS) this.#verify()
    this.#followedMs = nowMs
    const own = {
      kind: 'take' as const,
      writer,
      sequence: this.#sequence,
      quota,
      windowMs,
      key: recordedKey(key),
    }
    for (;;) {
      const segment = this.#segment
      const record: Take = { ...own, segment, timeMs: nowMs + clockOffsetMs }
      writeRecord(this.#record, record)
      writeSync(this.#fileOf(segment), this.#record)
      const state = this.#read(record)
      if (state !== undefined) return { ...state, resetMs: state.resetMs - clockOffsetMs }
    }
  }

  /** Reads what others have written, so that there is never much to read for a request. */
  follow(nowMs: number): void {
    this.#verify()
    this.#followedMs = nowMs
    this.#read(undefined)
  }

  /** Finds out whether the file was given to another segment since we have read it. */
  #verify(): void {
    if (!this.#segments().includes(this.#segment)) this.#restart()
  }

  /** Reads on; with a record of our own up to it. Undefined where it was written behind the end of its segment. */
  #read(own: Take | undefined): WindowState | undefined {
    let found: WindowState | undefined
    for (;;) {
      const segment = this.#segment
      const sizeBytes = readSync(this.#fileOf(segment), this.#chunk, 0, CHUNK_BYTES, this.#offset)
      for (let at = 0; at + RECORD_BYTES <= sizeBytes && this.#segment === segment; at += RECORD_BYTES) {
        const record = readRecord(this.#chunk, at)
        this.#offset += RECORD_BYTES
        // Somebody has written to a segment that the file does not hold any more, and will find out.
        if (record.segment !== segment) continue
        if (record.kind === 'end') this.#next()
        else if (record.kind === 'take') {
          const state = this.#apply(record)
          if (own?.sequence === record.sequence && own.writer === record.writer) found = state
        }
      }
      const isSealed = this.#segment !== segment
      if (found !== undefined || (isSealed && own !== undefined)) return found
      if (!isSealed && sizeBytes < CHUNK_BYTES) return this.#missing(own)
    }
  }

  #next(): void {
    this.#segment += 1
    this.#offset = 0
  }

  #apply({ key, quota, windowMs, timeMs }: Take): WindowState {
    // Two processes may write in another order than they have looked at the clock.
    this.#lastMs = Math.max(this.#lastMs, timeMs)
    return this.#windows.take(key, quota, windowMs, this.#lastMs)
  }

  /** At the end of the file without having found ours: the file was given to another segment behind our back. */
  #missing(own: Take | undefined): undefined {
    if (own !== undefined) this.#restart()
    return undefined
  }

  /** Begins anew with the oldest segment that is there, as a process does that has just started. */
  #restart(): undefined {
    this.#options.onMissed()
    this.#windows = new SlidingLog()
    this.#segment = Math.min(...this.#segments())
    this.#offset = 0
    return undefined
  }

  /** The segments that the files hold. */
  #segments(): readonly number[] {
    const found = this.#options.files.flatMap((file) => {
      const sizeBytes = readSync(file, this.#record, 0, RECORD_BYTES, 0)
      if (sizeBytes < RECORD_BYTES) return []
      const record = readRecord(this.#record, 0)
      return record.kind === 'begin' ? [record.segment] : []
    })
    const latest = Math.max(...found)
    // The file that is next holds what was long ago.
    return found.filter((segment) => segment > latest - RING_FILES + 1)
  }

  #fileOf(segment: number): number {
    return this.#options.files[segment % RING_FILES] as number
  }
}
