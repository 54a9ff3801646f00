import { resolve } from 'node:path'

import { readFileEvidence, requireSignature, verifyProblems as problems } from '../../attest/index.ts'
import type { Host } from '../../domain/index.ts'
import { readPolicy } from './read-policy.ts'
import { givenSignatureFlags, type SignatureFlagValues } from './signature-flags.ts'

/**
 * What `serve --require-signature` asks before it serves an artifact: that the policy accepts its signature. The policy
 * is read at once, so that a fault in it shows before anything else is done.
 *
 * @throws {ProblemError} BCN_VERIFY_SIGNATURE_UNCHECKED without --require-signature; BCN_VERIFY_NO_POLICY, BCN_VERIFY_…
 */
export async function acceptSigned(flags: SignatureFlagValues, { cwd }: Host) {
  if (flags['require-signature'] !== true) {
    throw problems.BCN_VERIFY_SIGNATURE_UNCHECKED({ flag: `--${givenSignatureFlags(flags)[0] ?? ''}` })
  }
  const policy = await readPolicy(flags, cwd)
  return async (bytes: Uint8Array) => {
    const { bundles, sbom } = await readFileEvidence({
      artifactPath: resolve(cwd, flags.artifact),
      bundlePath: flags.bundle && resolve(cwd, flags.bundle),
    })
    return requireSignature({ name: flags.artifact, bytes, sbom }, bundles[0], policy)
  }
}
