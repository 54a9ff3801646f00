import { ProblemError } from '../../domain/index.ts'
import type { VerificationPolicy } from '../policy/policy.ts'
import { describeSigner } from './describe-signer.ts'
import type { VerificationTarget } from './target.ts'
import { verifyTarget } from './verify-target.ts'

/** What a gateway that was started with a policy says about its artifact. */
export interface SignatureStatus {
  readonly status: 'verified'
  /** Who signed, in words. */
  readonly identity: string
}

/**
 * Refuses an artifact that the policy does not accept; for `serve --require-signature`, before anything is started.
 *
 * @throws {ProblemError} exit 4 with the code of the first link that does not hold; BCN_VERIFY_SIGNATURE_MISSING
 */
export async function requireSignature(
  target: VerificationTarget,
  policy: VerificationPolicy,
): Promise<SignatureStatus> {
  // A node has no clone to compare with: what it can check, it checks.
  const report = await verifyTarget(target, { ...policy, requireGit: false })
  if (report.problem !== undefined) throw new ProblemError(report.problem)
  if (report.signer === null) throw new TypeError('A verified artifact without a signer')
  return { status: 'verified', identity: describeSigner(report.signer) }
}
