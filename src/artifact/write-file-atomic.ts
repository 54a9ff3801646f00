import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { platform } from 'node:os'
import { dirname } from 'node:path'

import { systemReason } from '../domain/index.ts'
import { artifactProblems as problems } from './problems.ts'

/**
 * Writes a file so that readers see the old content or the whole new one: a temporary file beside it, fsync, rename,
 * fsync of the folder. Nothing is left behind on failure or when the signal is aborted before the rename.
 *
 * @throws {ProblemError} BCN_ARTIFACT_NOT_WRITTEN
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
  const temporary = `${path}.tmp-${randomBytes(6).toString('hex')}`
  try {
    {
      await using file = await open(temporary, 'wx', 0o644)
      await file.writeFile(bytes)
      await file.sync()
    }
    signal?.throwIfAborted()
    await rename(temporary, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(temporary, { force: true })
    if (signal?.aborted === true) throw error
    throw problems.BCN_ARTIFACT_NOT_WRITTEN({ path, reason: systemReason(error) }, { cause: error })
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; there the rename is durable by itself.
  if (platform() === 'win32') return
  await using folder = await open(path, 'r')
  await folder.sync()
}
