import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { GitError, simpleGit, type SimpleGit } from 'simple-git'

import { ifFound } from '../domain/index.ts'
import { gitProblems as problems } from './problems.ts'
import { publicSourceUrl } from './source-url.ts'

/** The commit that a folder is checked out at. */
export interface Commit {
  /** The full id. */
  readonly commit: string
  /** True where a file below the folder differs from the commit or is not in it; ignored files and artifacts apart. */
  readonly dirty: boolean
  /** When it was committed, in milliseconds since the Unix epoch. */
  readonly committedAtMs: number
  /** The URL of the remote `origin` without credentials. */
  readonly source: string | null
}

/**
 * Reads the commit of the work tree that a folder is in.
 *
 * @param root absolute path of the folder.
 * @returns undefined outside of a work tree, before its first commit, or where git is not installed.
 * @throws {ProblemError} BCN_GIT_FAILED for anything else that git reports.
 */
export async function readCommit(root: string): Promise<Commit | undefined> {
  // Looked for here because git says so only in words of the user's language.
  if (!(await isInWorkTree(root))) return undefined
  const git = simpleGit(root)
  try {
    // `--quiet` makes no error of a repository without commits.
    const head = (await git.raw(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'])).trim()
    return head === '' ? undefined : await describeCommit(git, head)
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    if (/\bENOENT\b/.test(error.message)) return undefined
    throw problems.BCN_GIT_FAILED({ root, reason: error.message.trim() }, { cause: error })
  }
}

async function describeCommit(git: SimpleGit, commit: string): Promise<Commit> {
  const time = await git.raw(['show', '--no-patch', '--no-show-signature', '--format=%ct', commit])
  const status = ['--no-optional-locks', 'status', '--porcelain', '--untracked-files=normal']
  // What compiling itself writes is no change of what is compiled.
  const changes = await git.raw([...status, '--', '.', ':(exclude)*.bca', ':(exclude)*.bca.*'])
  const remote = await git.getConfig('remote.origin.url')
  return {
    commit,
    dirty: changes.trim() !== '',
    committedAtMs: Number(time.trim()) * 1000,
    source: publicSourceUrl(remote.value),
  }
}

async function isInWorkTree(folder: string): Promise<boolean> {
  if ((await ifFound(stat(join(folder, '.git')))) !== undefined) return true
  return dirname(folder) === folder ? false : isInWorkTree(dirname(folder))
}
