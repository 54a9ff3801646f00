import { simpleGit } from 'simple-git'

import { IDENTITY_VARIABLES } from './identity-variables.ts'

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
  const git = simpleGit(folder, { allowEnvironment: IDENTITY_VARIABLES })
  await git.init()
  await git.add([...paths])
  await git.commit(message)
  return (await git.revparse(['HEAD'])).trim()
}
