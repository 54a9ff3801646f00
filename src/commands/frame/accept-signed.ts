import { resolve } from 'node:path'

import {
  readFileEvidence,
  readSmallFile,
  requireSignature,
  verifyProblems as problems,
  type VerificationTarget,
} from '../../attest/index.ts'
import { ExitCode, isProblemError, ProblemError, type Host } from '../../domain/index.ts'
import { readPolicy } from './read-policy.ts'
import { givenSignatureFlags, type SignatureFlagValues } from './signature-flags.ts'

/** What is attached to the image that an artifact comes from, and which image that is. */
export type ImageEvidence = Pick<VerificationTarget, 'bundles' | 'sbom' | 'otherSboms' | 'imageDigest'>

/** Where the evidence of an image comes from. */
export interface ImageSource {
  readonly image: ImageEvidence
  readonly refresh: (() => Promise<ImageEvidence>) | undefined
}

/**
 * What `serve --require-signature` asks before it serves an artifact: that the policy accepts its signature. The policy
 * is read at once, so that a fault in it shows before anything else is done.
 *
 * @param located - an image in a registry; the evidence of a file is looked for beside it
 * @throws {ProblemError} BCN_VERIFY_SIGNATURE_UNCHECKED without --require-signature; BCN_VERIFY_NO_POLICY, BCN_VERIFY_…
 */
export async function acceptSigned(flags: SignatureFlagValues, { cwd }: Host, located?: ImageSource) {
  if (flags['require-signature'] !== true) {
    throw problems.BCN_VERIFY_SIGNATURE_UNCHECKED({ flag: `--${givenSignatureFlags(flags)[0] ?? ''}` })
  }
  const policy = await readPolicy(flags, cwd)
  const bundlePath = flags.bundle && resolve(cwd, flags.bundle)
  const { artifact: name } = flags
  return async (artifactBytes: Uint8Array) => {
    if (located === undefined) {
      const evidence = await readFileEvidence({ artifactPath: resolve(cwd, name), bundlePath })
      return requireSignature({ kind: 'artifact', name, artifactBytes, ...evidence }, policy)
    }
    const named = bundlePath && { bundles: [await readSmallFile(bundlePath)] }
    return judgeImage(located, (image) =>
      requireSignature({ kind: 'registry', name, artifactBytes, ...image, ...named }, policy),
    )
  }
}

/** What was attached when the image was cached may be refused, and what is attached by now accepted. */
async function judgeImage<T>(
  { image, refresh }: ImageSource,
  judge: (image: ImageEvidence) => Promise<T>,
): Promise<T> {
  try {
    return await judge(image)
  } catch (error) {
    if (refresh === undefined || !isProblemError(error) || error.problem.exit !== ExitCode.notVerified)
      throw error
    // A registry that cannot be asked takes nothing from the verdict on what is here.
    const current = await refresh().catch((cause: unknown) => {
      throw new ProblemError(error.problem, cause)
    })
    return await judge(current)
  }
}
