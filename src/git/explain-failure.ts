import { GitError } from 'simple-git'

import { gitProblems as problems } from './problems.ts'

/**
 * Does work with git in a folder.
 *
 * @throws {ProblemError} BCN_GIT_FAILED with git's own words, where git fails.
 */
export async function explainFailure<T>(root: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    throw problems.BCN_GIT_FAILED({ root, reason: error.message.trim() }, { cause: error })
  }
}
