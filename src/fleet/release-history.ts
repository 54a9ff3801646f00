import { parseRelease, releasePathOf, type Release } from '../config/index.ts'
import { isProblemError, type Problem } from '../domain/index.ts'
import { readBlobs, readPathLog, type PathChange } from '../git/index.ts'

/** What an environment pinned from a commit on. */
export interface ReleaseEntry extends Omit<PathChange, 'blob'> {
  /** Null where the file was taken away, or holds what is no release: see `problem`. */
  readonly release: Release | null
  /** The bytes of the file; null where it was taken away. */
  readonly bytes: Buffer | null
  /** Why what the file holds is no release. */
  readonly problem?: Problem
}

export interface ReleaseHistory {
  /** The newest first: the first entry is what is pinned now. */
  readonly entries: readonly ReleaseEntry[]
  /** False where a shallow clone, or the limit, hides older ones. */
  readonly isComplete: boolean
}

const DEFAULT_LIMIT = 100

/**
 * The releases of an environment up to a commit, as the branch has seen them (first parents, so a merge is one
 * change): who pinned what, when. A node that runs the artifact of entry N is N releases behind. After a rollback the
 * same artifact stands in it twice.
 *
 * @param folder absolute path of the folder of fleet.yaml
 * @param commit full id, as {@link DesiredState} has it
 * @throws {ProblemError} BCN_GIT_FAILED
 */
export async function readReleaseHistory(
  folder: string,
  {
    commit,
    environment,
    limit = DEFAULT_LIMIT,
  }: { readonly commit: string; readonly environment: string; readonly limit?: number },
): Promise<ReleaseHistory> {
  const path = releasePathOf(environment)
  const { changes, isComplete } = await readPathLog(folder, { commit, path, limit })
  const blobs = await readBlobs(
    folder,
    changes.flatMap(({ blob }) => blob ?? []),
  )
  const entries = changes.map(({ blob, ...change }): ReleaseEntry => {
    const bytes = blob === null ? null : (blobs.get(blob) ?? null)
    return { ...change, bytes, ...readRelease(`${change.commit.slice(0, 10)}:${path}`, bytes) }
  })
  return { entries, isComplete }
}

/** An old file that is wrong must not hide the others. */
function readRelease(file: string, bytes: Buffer | null): Pick<ReleaseEntry, 'release' | 'problem'> {
  if (bytes === null) return { release: null }
  try {
    return { release: parseRelease(file, bytes) }
  } catch (error) {
    if (!isProblemError(error)) throw error
    return { release: null, problem: error.problem }
  }
}
