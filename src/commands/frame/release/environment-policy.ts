import { relative, resolve, sep } from 'node:path'

import { loadPolicy, type VerificationPolicy } from '../../../attest/index.ts'
import type { Environment } from '../../../config/index.ts'
import { fleetProblems, releaseProblems as problems, type DesiredState } from '../../../fleet/index.ts'
import { readFilesAt } from '../../../git/index.ts'

/** Where desired state is read from. */
export interface StateSource {
  /** Absolute path of the folder of fleet.yaml. */
  readonly folder: string
  /** The name of the fleet file in it. */
  readonly file: string
  readonly state: DesiredState
}

/**
 * Whose signatures an environment accepts: its policy, with the keys that it names, as the commit has them; undefined
 * where it accepts artifacts without one.
 *
 * @throws {ProblemError} BCN_RELEASE_NO_POLICY, BCN_FLEET_NOT_COMMITTED, BCN_VERIFY_POLICY, BCN_ATTEST_KEY_…
 */
export async function environmentPolicy(
  { name, verifyPolicyPath, allowsUnsigned }: Environment,
  { folder, file, state: { ref, commit } }: StateSource,
): Promise<VerificationPolicy | undefined> {
  if (verifyPolicyPath === undefined) {
    if (allowsUnsigned) return undefined
    throw problems.BCN_RELEASE_NO_POLICY({ environment: name, path: `${ref}:${file}` })
  }
  return loadPolicy(resolve(folder, verifyPolicyPath), async (absolute) => {
    const path = relative(folder, absolute).split(sep).join('/')
    const found = (await readFilesAt(folder, commit, [path])).get(path)
    if (found === undefined) throw fleetProblems.BCN_FLEET_NOT_COMMITTED({ path, ref })
    return found.bytes
  })
}
