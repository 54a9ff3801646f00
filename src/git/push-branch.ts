import { GitError, simpleGit } from 'simple-git'

import { gitProblems as problems } from './problems.ts'
import type { Branch } from './read-branch.ts'

/**
 * Pushes what is checked out to the branch that it follows, or to one of the same name in `origin`, never by force.
 *
 * @returns where it is now, e.g. `origin/main`
 * @throws {ProblemError} BCN_GIT_NOT_PUSHED
 */
export async function pushBranch(folder: string, { name, upstream }: Branch): Promise<string> {
  const branch = name ?? 'HEAD'
  const { remote, remoteRef, ref } = upstream ?? {
    remote: 'origin',
    remoteRef: `refs/heads/${branch}`,
    ref: `origin/${branch}`,
  }
  try {
    await simpleGit(folder).raw(['push', '--quiet', '--', remote, `HEAD:${remoteRef}`])
    return ref
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    const reason = error.message.trim().replace(/\.$/, '')
    throw problems.BCN_GIT_NOT_PUSHED({ branch, remote, reason }, { cause: error })
  }
}
