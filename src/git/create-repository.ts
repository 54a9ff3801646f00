import { simpleGit } from 'simple-git'

/** Who commits and when; simple-git keeps every other variable of git from it. */
const IDENTITY = ['AUTHOR', 'COMMITTER'].flatMap((role) =>
  ['NAME', 'EMAIL', 'DATE'].map((what) => `GIT_${role}_${what}`),
)

/** The top folder of the work tree that a folder is in, or undefined where it is in none. */
export async function findWorkTree(folder: string): Promise<string | undefined> {
  const git = simpleGit(folder)
  return (await git.checkIsRepo()) ? (await git.revparse(['--show-toplevel'])).trim() : undefined
}

/**
 * Makes a folder a git repository and commits these files as its first commit; returns the commit's full id.
 *
 * @throws {Error} with git's own words, e.g. where it does not know who commits.
 */
export async function createRepository(
  folder: string,
  { paths, message }: { readonly paths: readonly string[]; readonly message: string },
): Promise<string> {
  const git = simpleGit(folder, { allowEnvironment: IDENTITY })
  await git.init()
  await git.add([...paths])
  await git.commit(message)
  return (await git.revparse(['HEAD'])).trim()
}
