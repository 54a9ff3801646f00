import { countCommits, readBranch, readChanges, type Branch } from '../../git/index.ts'
import { releaseProblems as problems } from '../release-problems.ts'
import { readDesiredState, type DesiredState } from '../desired-state.ts'

/** A branch that is ready for a commit, and what it desires so far. */
export interface OpenBranch {
  readonly branch: Branch
  /** At HEAD. */
  readonly state: DesiredState
}

/**
 * Opens the branch that is checked out for a commit that changes desired state. It has to be clean, tracked files
 * anywhere and everything of the fleet, so that what is decided on is what the commit is made on; and as new as what
 * this clone knows of the branch that it follows, because what is pinned there may be something else by now.
 *
 * @param folder absolute path of the folder of fleet.yaml
 * @param file the name of the fleet file in it
 * @throws {ProblemError} BCN_RELEASE_DIRTY_TREE, BCN_RELEASE_NO_BRANCH, BCN_RELEASE_BEHIND, and what
 *   {@link readDesiredState} throws
 */
export async function openBranch(folder: string, file = 'fleet.yaml'): Promise<OpenBranch> {
  const state = await readDesiredState({ folder, file, ref: 'HEAD' })
  const paths = await readChanges(folder, [file, 'environments'])
  if (paths.length > 0) throw problems.BCN_RELEASE_DIRTY_TREE({ paths })
  const branch = await readBranch(folder)
  const { name, upstream } = branch
  if (name === undefined) throw problems.BCN_RELEASE_NO_BRANCH({ folder })
  if (upstream?.commit !== undefined) {
    const count = await countCommits(folder, { from: upstream.commit, without: state.commit })
    if (count > 0) throw problems.BCN_RELEASE_BEHIND({ branch: name, upstream: upstream.ref, count })
  }
  return { branch, state }
}
