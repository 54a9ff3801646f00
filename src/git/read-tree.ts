import { simpleGit } from 'simple-git'

import { explainFailure } from './explain-failure.ts'

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
  return explainFailure(folder, async () => {
    if (!(await git.checkIsRepo())) return undefined
    // With `--quiet` an object that is not there is no error.
    const known = await git.raw(['rev-parse', '--verify', '--quiet', `${commit}^{object}`])
    if (known.trim() === '') return undefined
    if ((await git.raw(['cat-file', '-t', commit])).trim() !== 'commit') return undefined
    const entries = parseListing(await git.raw(['ls-tree', '-r', '-z', '--', commit]))
    return new Map(entries.map(({ path, mode, id }) => [path, { mode, id }]))
  })
}

/**
 * The entries of `ls-tree -z`: `<mode> SP <type> SP <id> TAB <path> NUL`, with `-l` the size before the tab. In a folder
 * of the work tree git lists what is below it, relative to it.
 */
export function parseListing(
  listing: string,
): readonly (TreeEntry & { readonly path: string; readonly sizeBytes: number })[] {
  return listing
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const tab = line.indexOf('\t')
      const [mode = '', , id = '', size] = line.slice(0, tab).split(/ +/)
      return { path: line.slice(tab + 1), mode, id, sizeBytes: Number(size) }
    })
}
