import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import { GitError, simpleGit } from 'simple-git'

import { explainFailure } from './explain-failure.ts'
import { IDENTITY_VARIABLES } from './identity-variables.ts'
import { gitProblems as problems } from './problems.ts'

export interface CommitRequest {
  /** POSIX, relative to the folder, no pattern. */
  readonly path: string
  readonly message: string
  /** Whether to sign the commit; what git is configured to do unless given. */
  readonly sign?: boolean | undefined
}

/**
 * Commits one file as it is in the work tree, and nothing else that may be staged. Hooks run, as with any commit.
 *
 * @param folder absolute path of an existing folder of the work tree
 * @returns the full id of the commit
 * @throws {ProblemError} BCN_GIT_NOT_COMMITTED; the file is put back to what HEAD has, or taken away
 */
export async function commitFile(folder: string, { path, message, sign }: CommitRequest): Promise<string> {
  const git = simpleGit(folder, { allowEnvironment: IDENTITY_VARIABLES })
  const signing = sign === undefined ? [] : [sign ? '--gpg-sign' : '--no-gpg-sign']
  try {
    await git.raw(['--literal-pathspecs', 'add', '--', path])
    await git.raw([
      '--literal-pathspecs',
      'commit',
      '--quiet',
      '--only',
      ...signing,
      '-m',
      message,
      '--',
      path,
    ])
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    await restoreFile(folder, path)
    const reason = error.message.trim().replace(/\.$/, '')
    throw problems.BCN_GIT_NOT_COMMITTED({ path, reason }, { cause: error })
  }
  return explainFailure(folder, async () => (await git.raw(['rev-parse', 'HEAD'])).trim())
}

async function restoreFile(folder: string, path: string): Promise<void> {
  const git = simpleGit(folder)
  await explainFailure(folder, async () => {
    const listed = await git.raw(['--literal-pathspecs', 'ls-tree', '--name-only', '-z', 'HEAD', '--', path])
    if (listed !== '') {
      await git.raw(['--literal-pathspecs', 'checkout', '--quiet', 'HEAD', '--', path])
      return
    }
    await git.raw(['--literal-pathspecs', 'rm', '--quiet', '--cached', '--ignore-unmatch', '--', path])
    await rm(join(folder, path), { force: true })
  })
}
