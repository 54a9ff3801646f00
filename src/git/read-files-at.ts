import { simpleGit } from 'simple-git'

import { explainFailure } from './explain-failure.ts'
import { gitProblems as problems } from './problems.ts'
import { MAX_BLOB_BYTES, readSmallBlobs } from './read-blobs.ts'
import { parseListing } from './read-tree.ts'

/** A file as a commit has it. */
export interface FileAtCommit {
  /** POSIX path relative to the folder. */
  readonly path: string
  /** The id of the blob. */
  readonly id: string
  readonly bytes: Buffer
}

/**
 * The files that a commit has at these paths, by path; a folder stands for all files in it. The work tree, filters and
 * line endings play no part, and links are not followed: they are left out.
 *
 * @param folder absolute path of an existing folder of the work tree
 * @param commit full id in hex, as `resolveCommit` gives it
 * @param paths POSIX, relative to the folder; what is not there is left out
 * @param options accepts: tells by its path whether a file is wanted
 * @throws {TypeError} where the id is none. {ProblemError} BCN_GIT_FAILED, also for a file of more than 16 MiB
 */
export async function readFilesAt(
  folder: string,
  commit: string,
  paths: readonly string[],
  { accepts = () => true }: { readonly accepts?: (path: string) => boolean } = {},
): Promise<ReadonlyMap<string, FileAtCommit>> {
  if (!/^[0-9a-f]{40,64}$/.test(commit)) throw new TypeError(`${commit} is no commit id`)
  const git = simpleGit(folder)
  const files = await explainFailure(folder, async () => {
    const listing = await git.raw([
      '--literal-pathspecs',
      'ls-tree',
      '-r',
      '-l',
      '-z',
      commit,
      '--',
      ...paths,
    ])
    const found = parseListing(listing).filter(({ path, mode }) => mode.startsWith('100') && accepts(path))
    const large = found.find(({ sizeBytes }) => sizeBytes > MAX_BLOB_BYTES)
    if (large !== undefined) {
      const reason = `${large.path} has ${large.sizeBytes} bytes, more than ${MAX_BLOB_BYTES}`
      throw problems.BCN_GIT_FAILED({ root: folder, reason })
    }
    return found
  })
  const ids = files.map(({ id }) => id)
  const blobs = await readSmallBlobs(folder, ids)
  return new Map(
    files.flatMap(({ path, id }) => {
      const bytes = blobs.get(id)
      return bytes === undefined ? [] : [[path, { path, id, bytes }] as const]
    }),
  )
}
