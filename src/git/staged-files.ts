import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { simpleGit, type SimpleGit } from 'simple-git'

import { explainFailure } from './explain-failure.ts'

/** What is in the index of a work tree, which is what the next commit will have. */
export interface StagedFiles {
  /** Absolute path of the top folder of the work tree. */
  readonly top: string
  /** Files that differ from HEAD, those that are gone too: POSIX paths relative to the top. */
  readonly changed: readonly string[]
  /** The files of the index with one of the names asked for: POSIX paths relative to the top. */
  readonly named: readonly string[]
  /**
   * Writes the files that the index has below a folder (POSIX path relative to the top, empty for the top itself)
   * somewhere else, and takes them away when the work with them is done.
   */
  readonly withFiles: <T>(folder: string, use: (copy: string) => Promise<T>) => Promise<T>
}

/**
 * Reads the index of the work tree that a folder is in; in a hook of git the one that git made for the commit.
 *
 * @param folder absolute path
 * @param name of the files to list, without a folder
 * @returns undefined outside of a work tree.
 * @throws {ProblemError} BCN_GIT_FAILED
 */
export async function readStagedFiles(folder: string, name: string): Promise<StagedFiles | undefined> {
  return explainFailure(folder, async () => {
    // At once: somebody waits for the hook that asks, and each start of git is a good part of it.
    const answers = Promise.all([
      openGit(folder).raw(['rev-parse', '--show-toplevel']),
      openGit(folder).raw(['diff', '--cached', '--name-only', '--no-renames', '--no-relative', '-z']),
      openGit(folder).raw(['ls-files', '--full-name', '-z', '--', `:(top,glob)**/${name}`]),
    ])
    const found = await answers.catch(async (error: unknown) => {
      if (await openGit(folder).checkIsRepo()) throw error
    })
    if (found === undefined) return undefined
    const [top, changed, named] = [found[0].trim(), pathsOf(found[1]), pathsOf(found[2])]
    return { top, changed, named, withFiles: withFilesOf(top) }
  })
}

function withFilesOf(top: string): StagedFiles['withFiles'] {
  return async (folder, use) => {
    const scratch = await realpath(await mkdtemp(join(tmpdir(), 'barbacane-staged-')))
    try {
      const git = openGit(join(top, folder))
      // The bytes of the index: no line ending is changed.
      const plain = ['-c', 'core.autocrlf=false', '-c', 'core.eol=lf']
      await explainFailure(top, () => git.raw([...plain, 'checkout-index', '--all', `--prefix=${scratch}/`]))
      return await use(join(scratch, folder))
    } finally {
      await rm(scratch, { recursive: true, force: true })
    }
  }
}

// A commit with `-a` or with paths has an index of its own, which git names to its hooks.
function openGit(folder: string): SimpleGit {
  return simpleGit(folder, { allowEnvironment: ['GIT_INDEX_FILE'] })
}

function pathsOf(listing: string): readonly string[] {
  return listing.split('\0').filter((path) => path !== '')
}
