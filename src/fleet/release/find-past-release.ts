import { releasePathOf, parseRelease, type Release } from '../../config/index.ts'
import { isDigest } from '../../domain/index.ts'
import { readFilesAt, resolveCommit } from '../../git/index.ts'
import { readReleaseHistory } from '../release-history.ts'
import { releaseProblems as problems } from '../release-problems.ts'
import { namedRelease, previousRelease, type PastRelease } from './rollback-target.ts'

/** More releases than anybody goes back. */
const HISTORY_LIMIT = 10_000

/**
 * Finds the release to go back to in the history of an environment: the one before, or the one named.
 *
 * @param folder absolute path of the folder of fleet.yaml
 * @param options commit: full id of the commit whose history counts; to: a commit, a digest or a hash
 * @throws {ProblemError} BCN_RELEASE_NO_EARLIER, BCN_RELEASE_NOT_IN_HISTORY, BCN_RELEASE_HISTORY_CUT,
 *   BCN_RELEASE_INVALID where what the named commit pins is none
 */
export async function findPastRelease(
  folder: string,
  {
    commit,
    environment,
    to,
  }: { readonly commit: string; readonly environment: string; readonly to: string | undefined },
): Promise<PastRelease> {
  const history = await readReleaseHistory(folder, { commit, environment, limit: HISTORY_LIMIT })
  if (to === undefined) return previousRelease(environment, history)
  if (isDigest(to)) return namedRelease(environment, history, { to, pinned: undefined })
  const pinned = await readPinAt(folder, environment, to)
  if (pinned === undefined) throw problems.BCN_RELEASE_NOT_IN_HISTORY({ environment, to })
  return namedRelease(environment, history, { to, pinned })
}

async function readPinAt(folder: string, environment: string, ref: string): Promise<Release | undefined> {
  const commit = await resolveCommit(folder, ref)
  if (commit === undefined) return undefined
  const path = releasePathOf(environment)
  const file = (await readFilesAt(folder, commit, [path])).get(path)
  return file === undefined ? undefined : parseRelease(`${ref}:${path}`, file.bytes)
}
