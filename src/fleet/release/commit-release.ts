import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { writeFileAtomic } from '../../artifact/index.ts'
import { printRelease, releasePathOf, type Release } from '../../config/index.ts'
import { commitFile } from '../../git/index.ts'
import { releaseMessage, type ReleaseAction } from './release-message.ts'

export interface ReleaseCommit {
  readonly environment: string
  readonly release: Release
  readonly action: ReleaseAction
  /** Whether to sign the commit; what git is configured to do unless given. */
  readonly sign?: boolean | undefined
}

/**
 * Pins a release: writes the release file and commits it, alone, on the branch that is checked out.
 *
 * @param folder absolute path of the folder of fleet.yaml
 * @returns the full id of the commit
 * @throws {ProblemError} BCN_ARTIFACT_NOT_WRITTEN, BCN_GIT_NOT_COMMITTED; nothing is changed then
 */
export async function commitRelease(
  folder: string,
  { environment, release, action, sign }: ReleaseCommit,
): Promise<string> {
  const path = releasePathOf(environment)
  const file = join(folder, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFileAtomic(file, Buffer.from(printRelease(release)))
  return commitFile(folder, { path, message: releaseMessage(action, environment, release), sign })
}
