import { dirname, resolve } from 'node:path'

import { resolvePolicy, type VerificationPolicy } from '../../attest/index.ts'
import { findProject, findVerifyPolicy } from '../../config/index.ts'
import type { PolicyFlagValues } from './policy-flags.ts'

/**
 * The policy of the flags, of the policy file, and of the project around the working directory.
 *
 * @throws {ProblemError} BCN_VERIFY_NO_POLICY and what {@link resolvePolicy} throws; BCN_CONFIG_…
 */
export async function readPolicy(flags: PolicyFlagValues, cwd: string): Promise<VerificationPolicy> {
  const policyPath = flags.policy === undefined ? await projectPolicy(cwd) : resolve(cwd, flags.policy)
  return resolvePolicy(
    {
      keyPath: flags.key,
      identity: flags.identity,
      identityPattern: flags['identity-regexp'],
      issuer: flags.issuer,
      trustedRootPath: flags['trusted-root'],
      requireSbom: flags['require-sbom'],
      requireGit: flags.git,
    },
    { cwd, policyPath },
  )
}

/** The folder whose files are compared with git: of the project around the working directory, else that itself. */
export async function projectFolder(cwd: string): Promise<string> {
  const manifest = await findProject(cwd)
  return manifest === undefined ? cwd : dirname(manifest)
}

async function projectPolicy(cwd: string): Promise<string | undefined> {
  const manifest = await findProject(cwd)
  return manifest === undefined ? undefined : findVerifyPolicy(manifest)
}
