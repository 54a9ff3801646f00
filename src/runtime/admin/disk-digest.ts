import { createHash } from 'node:crypto'
import { constants, type BigIntStats } from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'

import { defaultLimits } from '../../artifact/index.ts'
import type { Digest } from '../../domain/index.ts'

/** Resolves to the digest of a file as it is now; null where no file is there that could be an artifact. */
export type DiskDigest = (path: string) => Promise<Digest | null>

export interface DiskDigestClock {
  readonly nowMs: () => number
  readonly monotonicMs: () => number
}

interface Taken {
  readonly identity: string
  readonly digest: Digest
  readonly takenAtMs: number
  /** False where the file may have changed again without its times showing it. */
  readonly isSettled: boolean
}

/** A file that changes is read once in this time, whoever asks and however often. */
const INTERVAL_MS = 1000
/** Times can be set back, and disks decay: what is known is not believed for ever. */
const MAX_AGE_MS = 60_000
/** Two changes within one tick of the file system's clock leave the same times behind. */
const CLOCK_TICK_MS = 2000
const MAX_ATTEMPTS = 3

/**
 * Takes the digest of the artifact's file, in pieces and off the event loop's back: a file that is the same by device,
 * inode, size and times is not read again, callers share one reading, and readings keep a distance.
 */
export function createDiskDigest(clock: DiskDigestClock): DiskDigest {
  let known: { readonly path: string; readonly taken: Taken } | undefined
  let reading: Promise<Taken | null> | undefined
  let nextReadingMs = -Infinity

  const read = async (path: string): Promise<Taken | null> => {
    const delayMs = nextReadingMs - clock.monotonicMs()
    if (delayMs > 0) await setTimeout(delayMs, undefined, { ref: false })
    nextReadingMs = clock.monotonicMs() + INTERVAL_MS
    const taken = await takeDigest(path, clock)
    known = taken === null ? undefined : { path, taken }
    return taken
  }
  const isFresh = (taken: Taken) => taken.isSettled && clock.monotonicMs() - taken.takenAtMs < MAX_AGE_MS

  return async (path) => {
    let taken = known?.path === path && isFresh(known.taken) ? known.taken : null
    for (let attempt = 0; ; attempt += 1) {
      const identity = await identityOf(path)
      // A reading that others began is of the present only if the file is still the one it read.
      if (identity === null) return null
      if (taken !== null && (taken.identity === identity || attempt === MAX_ATTEMPTS)) return taken.digest
      if (attempt === MAX_ATTEMPTS) return null
      reading ??= read(path).finally(() => (reading = undefined))
      taken = await reading
    }
  }
}

async function takeDigest(path: string, clock: DiskDigestClock): Promise<Taken | null> {
  const takenAtMs = clock.monotonicMs()
  const nowMs = clock.nowMs()
  try {
    // A pipe in the place of the file must not hold the reader.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const before = describe(await file.stat({ bigint: true }))
    if (before === null) return null
    const digest = await hashFile(file)
    const after = describe(await file.stat({ bigint: true }))
    const isSettled = after?.identity === before.identity && nowMs - before.changedAtMs > CLOCK_TICK_MS
    return { identity: before.identity, digest, takenAtMs, isSettled }
  } catch (error) {
    return nullOnSystemError(error)
  }
}

async function hashFile(file: FileHandle): Promise<Digest> {
  const hash = createHash('sha256')
  const stream = file.createReadStream({
    autoClose: false,
    highWaterMark: 64 * 1024,
    end: defaultLimits.maxSizeBytes,
  })
  for await (const chunk of stream) hash.update(chunk as Buffer)
  return `sha256:${hash.digest('hex')}`
}

async function identityOf(path: string): Promise<string | null> {
  try {
    return describe(await stat(path, { bigint: true }))?.identity ?? null
  } catch (error) {
    return nullOnSystemError(error)
  }
}

function describe(facts: BigIntStats) {
  if (!facts.isFile() || facts.size > BigInt(defaultLimits.maxSizeBytes)) return null
  const { dev, ino, size, mtimeNs, ctimeNs } = facts
  return { identity: [dev, ino, size, mtimeNs, ctimeNs].join(':'), changedAtMs: Number(ctimeNs / 1_000_000n) }
}

function nullOnSystemError(error: unknown): null {
  if (error instanceof Error && 'code' in error) return null
  throw error
}
