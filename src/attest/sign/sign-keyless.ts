import type { Statement } from '../statement/statement.ts'
import { createBundle } from './create-bundle.ts'
import {
  openIdentitySigner,
  openWitnesses,
  translateServiceErrors,
  type SigningServices,
} from './services.ts'

/**
 * Signs a statement in the name of the identity of a token: Fulcio certifies a key that lives for this one signature,
 * Rekor logs it.
 *
 * @param token - an OIDC identity token (JWT), see {@link requestIdentityToken}
 * @throws {ProblemError} BCN_ATTEST_SERVICE, BCN_ATTEST_NO_TOKEN
 */
export async function signKeyless(
  statement: Statement,
  token: string,
  services: SigningServices & { readonly fulcioUrl: string; readonly rekorUrl: string },
): Promise<Buffer> {
  const [signer, witnesses] = await Promise.all([
    openIdentitySigner(services.fulcioUrl, token),
    openWitnesses(services),
  ])
  return translateServiceErrors(services, () => createBundle(statement, signer, witnesses))
}
