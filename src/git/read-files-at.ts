import { simpleGit, type SimpleGit } from 'simple-git'

import { explainFailure } from './explain-failure.ts'
import { gitProblems as problems } from './problems.ts'
import { parseListing } from './read-tree.ts'

/** Reads by no more processes of git than this at a time. */
const CONCURRENCY = 4
const MAX_BYTES = 16 * 1024 * 1024

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
  const git = simpleGit(folder, { maxConcurrentProcesses: CONCURRENCY })
  return explainFailure(folder, async () => {
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
    const files = parseListing(listing).filter(({ path, mode }) => mode.startsWith('100') && accepts(path))
    const large = files.find(({ sizeBytes }) => sizeBytes > MAX_BYTES)
    if (large !== undefined) {
      const reason = `${large.path} has ${large.sizeBytes} bytes, more than ${MAX_BYTES}`
      throw problems.BCN_GIT_FAILED({ root: folder, reason })
    }
    const read = files.map(
      async ({ path, id }) => [path, { path, id, bytes: await readBlob(git, id) }] as const,
    )
    return new Map(await Promise.all(read))
  })
}

/**
 * Blobs by their ids, each read once.
 *
 * @throws {ProblemError} BCN_GIT_FAILED, also where there is no such blob.
 */
export async function readBlobs(
  folder: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> {
  const git = simpleGit(folder, { maxConcurrentProcesses: CONCURRENCY })
  return explainFailure(folder, async () => {
    const read = [...new Set(ids)].map(async (id) => [id, await readBlob(git, id)] as const)
    return new Map(await Promise.all(read))
  })
}

async function readBlob(git: SimpleGit, id: string): Promise<Buffer> {
  const bytes: unknown = await git.binaryCatFile(['blob', id])
  if (!Buffer.isBuffer(bytes)) throw new TypeError('git gave no bytes')
  return bytes
}
