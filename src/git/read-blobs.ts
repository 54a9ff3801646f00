import { simpleGit } from 'simple-git'

import { explainFailure } from './explain-failure.ts'
import { gitProblems as problems } from './problems.ts'

/** A file that is larger is not read. */
export const MAX_BLOB_BYTES = 16 * 1024 * 1024

/**
 * Blobs by their ids, each read once, and all by two processes of git.
 *
 * @param folder absolute path of an existing folder of the repository
 * @throws {ProblemError} BCN_GIT_FAILED, also where there is no such blob or one has more than 16 MiB
 */
export async function readBlobs(
  folder: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> {
  // Sizes first: what is too large is not even begun to be read.
  const sizes = parseHeads(String(await catFiles(folder, '--batch-check', ids)))
  for (const { id, type, sizeBytes } of sizes) {
    if (type !== 'blob') throw failed(folder, `there is no file ${id}`)
    if (sizeBytes > MAX_BLOB_BYTES)
      throw failed(folder, `the file ${id} has ${sizeBytes} bytes, more than ${MAX_BLOB_BYTES}`)
  }
  return readSmallBlobs(folder, ids)
}

/** The same by one process, for blobs that are known to be there and not to be too large. */
export async function readSmallBlobs(
  folder: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> {
  const output = await catFiles(folder, '--batch', ids)
  const blobs = new Map<string, Buffer>()
  for (let at = 0; at < output.byteLength;) {
    const headEnd = output.indexOf('\n', at)
    const [head] = parseHeads(output.toString('latin1', at, headEnd))
    const end = headEnd + 1 + (head?.sizeBytes ?? Number.NaN)
    if (head === undefined || output[end] !== LINE_FEED) throw failed(folder, 'it printed half of a file')
    blobs.set(head.id, output.subarray(headEnd + 1, end))
    at = end + 1
  }
  return blobs
}

const LINE_FEED = 0x0a

async function catFiles(
  folder: string,
  mode: '--batch' | '--batch-check',
  ids: readonly string[],
): Promise<Buffer> {
  if (ids.length === 0) return Buffer.alloc(0)
  const git = simpleGit(folder, { input: () => `${[...new Set(ids)].join('\n')}\n` })
  return explainFailure(folder, async () => {
    const output: unknown = await git.binaryCatFile([mode])
    if (!Buffer.isBuffer(output)) throw new TypeError('git gave no bytes')
    return output
  })
}

interface Head {
  readonly id: string
  readonly type: string
  readonly sizeBytes: number
}

/** What `cat-file --batch` says of each object before its bytes: `<id> SP <type> SP <size>`, or `<id> SP missing`. */
function parseHeads(lines: string): readonly Head[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [id = '', type = '', size] = line.split(' ')
      return { id, type, sizeBytes: Number(size) }
    })
}

function failed(root: string, reason: string) {
  return problems.BCN_GIT_FAILED({ root, reason })
}
