import { simpleGit } from 'simple-git'

import { explainFailure } from './explain-failure.ts'

/** The branch that is checked out, and the one that it follows. */
export interface Branch {
  /** Undefined where a commit is checked out instead, as CI often does. */
  readonly name: string | undefined
  readonly upstream: Upstream | undefined
}

export interface Upstream {
  /** As git prints it, e.g. `origin/main`. */
  readonly ref: string
  /** `origin`, or `.` where it is a branch of the same repository. */
  readonly remote: string
  /** The ref in the remote, e.g. `refs/heads/main`. */
  readonly remoteRef: string
  /** What this clone knew of it when it last asked; undefined where it has never been fetched. */
  readonly commit: string | undefined
}

/**
 * Reads which branch is checked out and which it follows. No remote is asked.
 *
 * @param folder absolute path of an existing folder of the work tree
 * @throws {ProblemError} BCN_GIT_FAILED
 */
export async function readBranch(folder: string): Promise<Branch> {
  const git = simpleGit(folder)
  return explainFailure(folder, async () => {
    // Empty where none is checked out; `--quiet` makes no error of it.
    const full = (await git.raw(['symbolic-ref', '--quiet', 'HEAD'])).trim()
    if (!full.startsWith('refs/heads/')) return { name: undefined, upstream: undefined }
    const format =
      '%(refname)%00%(upstream:short)%00%(upstream:remotename)%00%(upstream:remoteref)%00%(upstream)'
    const listed = await git.raw(['for-each-ref', `--format=${format}`, '--', full])
    // A branch is also the beginning of the names of those below it.
    const line = listed.split('\n').find((text) => text.startsWith(`${full}\0`)) ?? ''
    const [, ref = '', remote = '', remoteRef = '', tracking = ''] = line.split('\0')
    const name = full.slice('refs/heads/'.length)
    if (ref === '' || remoteRef === '') return { name, upstream: undefined }
    const found = (await git.raw(['rev-parse', '--verify', '--quiet', `${tracking}^{commit}`])).trim()
    return { name, upstream: { ref, remote, remoteRef, commit: found === '' ? undefined : found } }
  })
}
