import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { GitError, simpleGit } from 'simple-git'

import { gitProblems as problems } from './problems.ts'

// The bytes of the commit and nothing else: no hook of the clone runs, no line ending is changed.
const PLAIN = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.autocrlf=false', '-c', 'core.eol=lf']

/**
 * Checks a commit out into a temporary work tree, and takes it away when the work with it is done.
 *
 * @param folder absolute path of an existing folder of the repository
 * @param use is given the same folder in the temporary work tree
 * @param path the only path to check out, relative to the top of the repository; all of them unless given
 * @throws {ProblemError} BCN_GIT_FAILED, or what `use` throws
 */
export async function withWorktree<T>(
  folder: string,
  commit: string,
  use: (folder: string) => Promise<T>,
  path?: string,
): Promise<T> {
  if (!/^[0-9a-f]{40,64}$/.test(commit)) throw new TypeError(`${commit} is no commit id`)
  const git = simpleGit({ baseDir: folder, unsafe: { allowUnsafeHooksPath: true } })
  const scratch = await realpath(await mkdtemp(join(tmpdir(), 'barbacane-worktree-')))
  const tree = join(scratch, 'tree')
  let isAdded = false
  try {
    const prefix = (await git.raw(['rev-parse', '--show-prefix'])).trim()
    const part = path === undefined ? [] : ['--no-checkout']
    await git.raw([...PLAIN, 'worktree', 'add', '--quiet', '--detach', ...part, tree, commit])
    isAdded = true
    if (path !== undefined) await checkOut(tree, commit, path)
    return await use(join(tree, prefix))
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    throw problems.BCN_GIT_FAILED({ root: folder, reason: error.message.trim() }, { cause: error })
  } finally {
    if (isAdded) await git.raw(['worktree', 'remove', '--force', tree])
    await rm(scratch, { recursive: true, force: true })
  }
}

async function checkOut(tree: string, commit: string, path: string): Promise<void> {
  const git = simpleGit({ baseDir: tree, unsafe: { allowUnsafeHooksPath: true } })
  // A path is no pattern here.
  await git.raw([...PLAIN, '--literal-pathspecs', 'checkout', '--quiet', commit, '--', path])
}
