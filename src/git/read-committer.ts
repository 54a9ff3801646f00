import { GitError, simpleGit } from 'simple-git'

import { IDENTITY_VARIABLES } from './identity-variables.ts'
import { gitProblems as problems } from './problems.ts'

/**
 * Who would commit, as `Name <mail>`: by the variables of git and its configuration.
 *
 * @param folder absolute path of an existing folder of the repository
 * @throws {ProblemError} BCN_GIT_NO_IDENTITY
 */
export async function readCommitter(folder: string): Promise<string> {
  const git = simpleGit(folder, { allowEnvironment: IDENTITY_VARIABLES })
  try {
    // `Name <mail> SECONDS ZONE`
    const ident = await git.raw(['var', 'GIT_COMMITTER_IDENT'])
    return ident.slice(0, ident.lastIndexOf('>') + 1)
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    throw problems.BCN_GIT_NO_IDENTITY({ root: folder }, { cause: error })
  }
}
