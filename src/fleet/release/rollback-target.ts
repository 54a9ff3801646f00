import type { Release } from '../../config/index.ts'
import type { ReleaseEntry, ReleaseHistory } from '../release-history.ts'
import { releaseProblems as problems } from '../release-problems.ts'

/** A release of the past, and the commit that pinned it. */
export interface PastRelease {
  readonly release: Release
  /** The full id. */
  readonly commit: string
}

/**
 * The release before the one that is pinned, as undoing counts: a release that was rolled back is never gone back to,
 * so that rolling back twice leads two releases back and not forth again. A pin counts as a rollback where its artifact
 * was pinned before, however it came about, such as by `git revert`.
 *
 * @throws {ProblemError} BCN_RELEASE_NO_EARLIER, BCN_RELEASE_HISTORY_CUT
 */
export function previousRelease(environment: string, { entries, isComplete }: ReleaseHistory): PastRelease {
  // What is hidden may say that one of these was rolled back.
  if (!isComplete) throw problems.BCN_RELEASE_HISTORY_CUT({ environment })
  const standing: PastRelease[] = []
  for (const { release, commit } of entries.toReversed()) {
    if (release === null) continue
    const earlier = standing.findIndex(({ release: { artifactDigest } }) => {
      return artifactDigest === release.artifactDigest
    })
    if (earlier >= 0) standing.length = earlier
    standing.push({ release, commit })
  }
  const previous = standing.at(-2)
  if (previous === undefined) throw problems.BCN_RELEASE_NO_EARLIER({ environment })
  return previous
}

/**
 * The release that `--to` names: by the commit that pinned it or any at which it was pinned, or by the digest or hash of
 * its artifact; then the newest of those.
 *
 * @param commit what the text names as a commit, if it does
 * @param pinned what was pinned at that commit
 * @throws {ProblemError} BCN_RELEASE_NOT_IN_HISTORY, BCN_RELEASE_HISTORY_CUT
 */
export function namedRelease(
  environment: string,
  { entries, isComplete }: ReleaseHistory,
  { to, pinned }: { readonly to: string; readonly pinned: Release | undefined },
): PastRelease {
  const found = entries.find(({ release }) => release !== null && isNamed(release, to, pinned))
  if (found?.release) return { release: found.release, commit: found.commit }
  if (!isComplete) throw problems.BCN_RELEASE_HISTORY_CUT({ environment })
  throw problems.BCN_RELEASE_NOT_IN_HISTORY({ environment, to })
}

function isNamed(release: NonNullable<ReleaseEntry['release']>, to: string, pinned: Release | undefined) {
  if (pinned !== undefined) return release.artifactDigest === pinned.artifactDigest
  return to === release.artifactDigest || to === release.artifactHash
}
