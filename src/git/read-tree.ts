import { GitError, simpleGit } from 'simple-git'

import { gitProblems as problems } from './problems.ts'

/** An entry of a git tree. */
export interface TreeEntry {
  /** Six octal digits, e.g. 100644. */
  readonly mode: string
  /** Object id in hex. */
  readonly id: string
}

/**
 * The files that a commit has below a folder, by POSIX path relative to the folder (`git ls-tree -r`).
 *
 * @param folder absolute path of an existing folder of the work tree
 * @param commit full id in hex
 * @returns undefined where the repository has no such commit, or the folder is in no repository.
 * @throws {TypeError} where the id is none. {ProblemError} BCN_GIT_FAILED for anything else that git reports.
 */
export async function readTree(
  folder: string,
  commit: string,
): Promise<ReadonlyMap<string, TreeEntry> | undefined> {
  if (!/^[0-9a-f]{40,64}$/.test(commit)) throw new TypeError(`${commit} is no commit id`)
  const git = simpleGit(folder)
  try {
    if (!(await git.checkIsRepo())) return undefined
    // With `--quiet` an object that is not there is no error.
    const known = await git.raw(['rev-parse', '--verify', '--quiet', `${commit}^{object}`])
    if (known.trim() === '') return undefined
    if ((await git.raw(['cat-file', '-t', commit])).trim() !== 'commit') return undefined
    return parseListing(await git.raw(['ls-tree', '-r', '-z', '--', commit]))
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    throw problems.BCN_GIT_FAILED({ root: folder, reason: error.message.trim() }, { cause: error })
  }
}

// `<mode> SP <type> SP <id> TAB <path> NUL`; in a folder of the work tree git lists what is below it, relative to it.
function parseListing(listing: string): ReadonlyMap<string, TreeEntry> {
  const entries = listing.split('\0').filter((line) => line !== '')
  return new Map(
    entries.map((line) => {
      const tab = line.indexOf('\t')
      const [mode = '', , id = ''] = line.slice(0, tab).split(' ')
      return [line.slice(tab + 1), { mode, id }]
    }),
  )
}
