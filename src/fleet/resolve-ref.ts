import { readBranch, resolveCommit } from '../git/index.ts'
import { fleetProblems as problems } from './problems.ts'

/** The commit that desired state is read from. */
export interface ResolvedRef {
  /** As it was named, or what stands for it: `origin/main`, `HEAD`. */
  readonly ref: string
  /** The full id. */
  readonly commit: string
  /** How it was chosen. */
  readonly chosen: 'named' | 'upstream' | 'head'
}

/**
 * The commit that says what is desired: the one named; else that of the branch which the checked out branch follows,
 * because a commit that nobody else has is no intent yet; else HEAD, as in a CI job that checks a commit out. The work
 * tree is never it. No remote is asked: the clone is as new as its last fetch.
 *
 * @param folder absolute path of an existing folder of the repository
 * @throws {ProblemError} BCN_FLEET_NO_COMMIT, BCN_GIT_FAILED
 */
export async function resolveRef(folder: string, named?: string): Promise<ResolvedRef> {
  if (named !== undefined) return { ref: named, commit: await commitOf(folder, named), chosen: 'named' }
  const { upstream } = await readBranch(folder)
  if (upstream?.commit !== undefined)
    return { ref: upstream.ref, commit: upstream.commit, chosen: 'upstream' }
  return { ref: 'HEAD', commit: await commitOf(folder, 'HEAD'), chosen: 'head' }
}

async function commitOf(folder: string, ref: string): Promise<string> {
  const commit = await resolveCommit(folder, ref)
  if (commit === undefined) throw problems.BCN_FLEET_NO_COMMIT({ ref, folder })
  return commit
}
