import { open } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

import { isProblemError, systemReason } from '../../domain/index.ts'
import { loadPublicKey } from '../keys/load-key.ts'
import { verifyProblems as problems } from '../verify-problems.ts'
import { parsePolicy } from './parse-policy.ts'
import {
  anchoredPattern,
  type TrustedIdentity,
  type TrustedRootSource,
  type VerificationPolicy,
} from './policy.ts'

const MAX_FILE_BYTES = 16 * 1024 * 1024

/** Reads a file that a policy needs, by its absolute path. @throws {ProblemError} where there is none */
export type ReadPolicyFile = (path: string) => Promise<Uint8Array>

/**
 * Reads a policy file and the keys and trusted root that it names; their paths are relative to the policy file.
 *
 * @param path absolute
 * @param readFile from somewhere else than the file system, such as a commit
 * @throws {ProblemError} BCN_VERIFY_UNREADABLE, BCN_VERIFY_POLICY, BCN_VERIFY_TRUSTED_ROOT, BCN_ATTEST_KEY_…
 */
export async function loadPolicy(path: string, readFile?: ReadPolicyFile): Promise<VerificationPolicy> {
  const bytes = await (readFile ?? readSmallFile)(path)
  const { keyPaths, identities, trustedRootPath, requireSbom, requireGit } = parsePolicy(
    path,
    new TextDecoder().decode(bytes),
  )
  const beside = (name: string) => resolve(dirname(path), name)
  const keys = await Promise.all(
    keyPaths.map(async (name) => ({ name, publicKey: await loadPublicKey(beside(name), readFile) })),
  )
  const trustedRoot =
    trustedRootPath === undefined ? undefined : await loadTrustedRoot(beside(trustedRootPath), readFile)
  return { keys, identities, trustedRoot, requireSbom, requireGit }
}

/** What a user types instead of a policy file; paths as typed. */
export interface PolicyFlags {
  readonly keyPath?: string | undefined
  readonly identity?: string | undefined
  readonly identityPattern?: string | undefined
  readonly issuer?: string | undefined
  readonly trustedRootPath?: string | undefined
  readonly requireSbom?: boolean | undefined
  readonly requireGit?: boolean | undefined
}

/**
 * The policy that flags and a policy file make together. A key or an identity given as a flag stands instead of those
 * of the file; what the file requires stays required.
 *
 * @throws {ProblemError} BCN_VERIFY_NO_POLICY, BCN_VERIFY_IDENTITY_FLAGS, or what {@link loadPolicy} throws.
 */
export async function resolvePolicy(
  flags: PolicyFlags,
  { cwd, policyPath }: { readonly cwd: string; readonly policyPath?: string | undefined },
): Promise<VerificationPolicy> {
  const file = policyPath === undefined ? noPolicy : await loadPolicy(policyPath)
  const signers = (await signersOf(flags, cwd)) ?? file
  if (signers.keys.length + signers.identities.length === 0) throw problems.BCN_VERIFY_NO_POLICY({})
  const { trustedRootPath } = flags
  return {
    keys: signers.keys,
    identities: signers.identities,
    trustedRoot:
      trustedRootPath === undefined ? file.trustedRoot : await loadTrustedRoot(resolve(cwd, trustedRootPath)),
    requireSbom: flags.requireSbom === true || file.requireSbom,
    requireGit: flags.requireGit === true || file.requireGit,
  }
}

const noPolicy: VerificationPolicy = { keys: [], identities: [], requireSbom: false, requireGit: false }

async function signersOf(
  flags: PolicyFlags,
  cwd: string,
): Promise<Pick<VerificationPolicy, 'keys' | 'identities'> | undefined> {
  const identity = identityOf(flags)
  if (flags.keyPath === undefined && identity === undefined) return undefined
  return {
    keys:
      flags.keyPath === undefined
        ? []
        : [{ name: flags.keyPath, publicKey: await loadPublicKey(resolve(cwd, flags.keyPath)) }],
    identities: identity === undefined ? [] : [identity],
  }
}

function identityOf({ identity, identityPattern, issuer }: PolicyFlags): TrustedIdentity | undefined {
  if (identity === undefined && identityPattern === undefined && issuer === undefined) return undefined
  const incomplete = (reason: string) => problems.BCN_VERIFY_IDENTITY_FLAGS({ reason })
  if (!issuer) throw incomplete('`--issuer` is missing')
  if (identity !== undefined && identityPattern !== undefined) throw incomplete('it is given in two ways')
  if (identity) return { issuer, identity }
  if (!identityPattern) throw incomplete('`--identity` is missing')
  try {
    return { issuer, identity: anchoredPattern(identityPattern) }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw incomplete(`${identityPattern} is no regular expression`)
  }
}

async function loadTrustedRoot(
  path: string,
  readFile: ReadPolicyFile = readSmallFile,
): Promise<TrustedRootSource> {
  const bytes = await readFile(path)
  try {
    return { path, json: JSON.parse(new TextDecoder().decode(bytes)) as unknown }
  } catch (error) {
    throw problems.BCN_VERIFY_TRUSTED_ROOT({ path, reason: 'it is not JSON' }, { cause: error })
  }
}

/**
 * Reads a file that a verification needs, up to 16 MiB.
 *
 * @throws {ProblemError} BCN_VERIFY_UNREADABLE
 */
export async function readSmallFile(path: string): Promise<Buffer> {
  try {
    await using file = await open(path, 'r')
    const { size } = await file.stat()
    if (size > MAX_FILE_BYTES) {
      throw problems.BCN_VERIFY_UNREADABLE({ path, reason: `it has more than ${MAX_FILE_BYTES} bytes` })
    }
    return await file.readFile()
  } catch (error) {
    if (isProblemError(error)) throw error
    throw problems.BCN_VERIFY_UNREADABLE({ path, reason: systemReason(error) }, { cause: error })
  }
}
