import { readFile, stat } from 'node:fs/promises'

import { writeFileAtomic } from '../../artifact/index.ts'
import { DecodeError, isNotFound, isProblemError, systemReason } from '../../domain/index.ts'
import { fleetProblems as problems } from '../problems.ts'
import { emptyState, parseWatchState, printWatchState, type WatchState } from './watch-state.ts'

const MAX_FILE_BYTES = 64 * 1024 * 1024

/**
 * Reads what a watcher remembered before it was restarted; nothing where there is no file yet.
 *
 * @throws {ProblemError} BCN_FLEET_STATE: with another memory, alerts would be sent twice or never
 */
export async function readWatchState(path: string): Promise<WatchState> {
  try {
    const { size } = await stat(path)
    if (size > MAX_FILE_BYTES) throw problems.BCN_FLEET_STATE({ path, reason: 'it is too large' })
    return parseWatchState(await readFile(path, 'utf8'))
  } catch (error) {
    if (isNotFound(error)) return emptyState
    if (isProblemError(error)) throw error
    const isOther = error instanceof DecodeError || error instanceof SyntaxError
    const reason = isOther ? 'it is no state of this version of the watcher' : systemReason(error)
    throw problems.BCN_FLEET_STATE({ path, reason }, { cause: error })
  }
}

/** Writes it: whole, or not at all. @throws {ProblemError} BCN_ARTIFACT_NOT_WRITTEN */
export async function writeWatchState(path: string, state: WatchState): Promise<void> {
  await writeFileAtomic(path, Buffer.from(printWatchState(state)))
}
