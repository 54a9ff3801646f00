import { simpleGit } from 'simple-git'

import { explainFailure } from './explain-failure.ts'

/**
 * The commit where two histories part (git-merge-base(1)).
 *
 * @param one full ids
 * @returns undefined where they have none in common, or a shallow clone hides it.
 * @throws {ProblemError} BCN_GIT_FAILED
 */
export async function mergeBase(folder: string, one: string, other: string): Promise<string | undefined> {
  return explainFailure(folder, async () => {
    const found = (await simpleGit(folder).raw(['merge-base', one, other])).trim()
    return found === '' ? undefined : found
  })
}
