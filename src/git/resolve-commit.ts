import { simpleGit } from 'simple-git'

import { explainFailure } from './explain-failure.ts'

/**
 * The full id of the commit that a branch, a tag, an id or an expression such as `HEAD~2` names (gitrevisions(7)).
 *
 * @param folder absolute path of an existing folder of the repository
 * @returns undefined where it names none.
 * @throws {ProblemError} BCN_GIT_FAILED for anything else that git reports.
 */
export async function resolveCommit(folder: string, ref: string): Promise<string | undefined> {
  // It would be taken for an option, or name a part of a commit.
  if (/^-|[:\s]/.test(ref) || ref === '') return undefined
  return explainFailure(folder, async () => {
    const found = await simpleGit(folder).raw(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`])
    const commit = found.trim()
    return /^[0-9a-f]{40,64}$/.test(commit) ? commit : undefined
  })
}
