import { dirname, resolve } from 'node:path'

import { Flags } from '@oclif/core'

import { resolvePolicy, type VerificationPolicy } from '../../attest/index.ts'
import { findProject, findVerifyPolicy } from '../../config/index.ts'

/** Whose signature to accept: shared by every command that verifies. */
export const policyFlags = {
  policy: Flags.string({
    summary: 'Policy file; `verify.policy` of barbacane.yaml unless given.',
    helpValue: 'FILE',
    helpGroup: 'POLICY',
  }),
  key: Flags.string({ summary: 'Public key (PEM) to accept.', helpValue: 'FILE', helpGroup: 'POLICY' }),
  identity: Flags.string({
    summary: 'Identity to accept, exactly, e.g. the URL of a workflow at a ref.',
    helpValue: 'NAME',
    helpGroup: 'POLICY',
  }),
  'identity-regexp': Flags.string({
    summary: 'Expression that has to match the whole identity.',
    helpValue: 'REGEXP',
    helpGroup: 'POLICY',
  }),
  issuer: Flags.string({
    summary: 'Who has to vouch for the identity, exactly.',
    helpValue: 'URL',
    helpGroup: 'POLICY',
  }),
  'trusted-root': Flags.string({
    summary: 'trusted_root.json of a private Sigstore instance.',
    helpValue: 'FILE',
    helpGroup: 'POLICY',
  }),
}

export type PolicyFlagValues = {
  readonly [Name in keyof typeof policyFlags]: string | undefined
} & { readonly 'require-sbom'?: boolean; readonly git?: boolean }

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
