import { simpleGit } from 'simple-git'

import { explainFailure } from './explain-failure.ts'

/**
 * How many commits are reachable from one commit and not from another.
 *
 * @param range full ids
 * @throws {ProblemError} BCN_GIT_FAILED
 */
export async function countCommits(
  folder: string,
  { from, without }: { readonly from: string; readonly without: string },
): Promise<number> {
  return explainFailure(folder, async () =>
    Number(await simpleGit(folder).raw(['rev-list', '--count', from, `^${without}`])),
  )
}
