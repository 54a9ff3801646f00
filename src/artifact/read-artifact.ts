import { open } from 'node:fs/promises'

import { isProblemError, systemReason } from '../domain/index.ts'
import { decodeArtifact, type Artifact } from './decode-artifact.ts'
import { defaultLimits } from './limits.ts'
import { artifactProblems as problems } from './problems.ts'

/**
 * Reads and verifies an artifact file.
 *
 * @throws {ProblemError} BCN_ARTIFACT_UNREADABLE, or what {@link decodeArtifact} throws.
 */
export async function readArtifact(path: string): Promise<Artifact> {
  return decodeArtifact(await readArtifactBytes(path))
}

/**
 * Reads the bytes of an artifact file; its size is checked before it is read.
 *
 * @throws {ProblemError} BCN_ARTIFACT_UNREADABLE, BCN_ARTIFACT_TOO_LARGE
 */
export async function readArtifactBytes(path: string): Promise<Buffer> {
  try {
    await using file = await open(path, 'r')
    const stat = await file.stat()
    if (!stat.isFile()) throw problems.BCN_ARTIFACT_UNREADABLE({ path, reason: 'it is not a regular file' })
    if (stat.size > defaultLimits.maxSizeBytes) {
      throw problems.BCN_ARTIFACT_TOO_LARGE({ what: `${stat.size} bytes`, limit: defaultLimits.maxSizeBytes })
    }
    return await file.readFile()
  } catch (error) {
    if (isProblemError(error)) throw error
    throw problems.BCN_ARTIFACT_UNREADABLE({ path, reason: systemReason(error) }, { cause: error })
  }
}
