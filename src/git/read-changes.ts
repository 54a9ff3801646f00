import { simpleGit } from 'simple-git'

import { explainFailure } from './explain-failure.ts'

/**
 * The files that keep a work tree from being its commit: those that git tracks and that differ, staged or not, in the
 * whole repository; and those that it does not track below some paths.
 *
 * @param folder absolute path of an existing folder of the work tree
 * @param untracked POSIX paths, relative to the folder, no patterns
 * @returns POSIX paths relative to the folder, sorted
 * @throws {ProblemError} BCN_GIT_FAILED
 */
export async function readChanges(folder: string, untracked: readonly string[]): Promise<readonly string[]> {
  const git = simpleGit(folder)
  return explainFailure(folder, async () => {
    const top = (await git.raw(['rev-parse', '--show-cdup'])).trim()
    const status = ['--no-optional-locks', 'status', '--porcelain', '-z', '--no-renames']
    const tracked = await git.raw([...status, '--untracked-files=no'])
    const list = ['--literal-pathspecs', 'ls-files', '--others', '--exclude-standard', '-z']
    const others = await git.raw([...list, '--', ...untracked])
    // Porcelain paths count from the top whatever the folder is.
    const prefix = (await git.raw(['rev-parse', '--show-prefix'])).trim()
    const changed = pathsOf(tracked).map((entry) => relativeTo(prefix, top, entry.slice(3)))
    return [...new Set([...changed, ...pathsOf(others)])].toSorted()
  })
}

function pathsOf(output: string): readonly string[] {
  return output.split('\0').filter((path) => path !== '')
}

function relativeTo(prefix: string, top: string, path: string): string {
  return path.startsWith(prefix) ? path.slice(prefix.length) : top + path
}
