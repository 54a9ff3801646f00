import { accessSync, constants } from 'node:fs'

import { systemReason } from '../../domain/index.ts'
import { createLogRing, type LogRing } from '../limits/index.ts'
import { runtimeProblems as problems } from '../problems.ts'

/**
 * Makes the log that workers count by, in memory where the system has a folder for that.
 *
 * @throws {ProblemError} BCN_WORKERS_LOG
 */
export function openRing(memoryFolder: string, temporaryFolder: string): LogRing {
  const folder = isWritable(memoryFolder) ? memoryFolder : temporaryFolder
  try {
    return createLogRing(folder)
  } catch (error) {
    throw problems.BCN_WORKERS_LOG({ folder, reason: systemReason(error) }, { cause: error })
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}
