import type { KeyObject } from 'node:crypto'

import type { Artifact } from '../../artifact/index.ts'
import { digestOf, type Digest } from '../../domain/index.ts'
import { checkSbomContent } from '../sbom/check-sbom-content.ts'
import { planStatement } from '../statement/plan-statement.ts'
import { detectBuilder } from './detect-builder.ts'
import { requestIdentityToken } from './request-identity-token.ts'
import type { SigningServices, WitnessServices } from './services.ts'
import { signKeyless } from './sign-keyless.ts'
import { signWithKey } from './sign-with-key.ts'

/** With a key of one's own, or in the name of the CI job that this runs in. */
export type SigningMethod =
  | { readonly kind: 'key'; readonly privateKey: KeyObject; readonly services: WitnessServices }
  | { readonly kind: 'keyless'; readonly audience: string; readonly services: KeylessServices }

export type KeylessServices = SigningServices & { readonly fulcioUrl: string; readonly rekorUrl: string }

export interface SigningRequest {
  readonly artifact: Artifact
  /** The file name under which the artifact is published. */
  readonly name: string
  /** The CycloneDX document to bind to the artifact. */
  readonly sbom?: Uint8Array | undefined
  /** The digest of the image manifest to cover too. */
  readonly imageDigest?: Digest | undefined
}

/**
 * Signs an artifact: statement, signature, evidence. An SBOM that does not describe the artifact is not signed.
 *
 * @returns the bytes of the Sigstore bundle
 * @throws {ProblemError} BCN_VERIFY_SBOM_CONTENT, BCN_ATTEST_OPTIONS, BCN_ATTEST_SERVICE, BCN_ATTEST_NO_TOKEN,
 *   BCN_ATTEST_TOKEN_PERMISSION
 */
export async function signArtifact(
  { artifact, name, sbom, imageDigest }: SigningRequest,
  method: SigningMethod,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Buffer> {
  if (sbom !== undefined) checkSbomContent(sbom, artifact)
  const statement = planStatement({
    artifact,
    name,
    builder: detectBuilder(env),
    ...(sbom === undefined ? {} : { sbomDigest: digestOf(sbom) }),
    ...(imageDigest === undefined ? {} : { imageDigest }),
  })
  if (method.kind === 'key') return signWithKey(statement, method.privateKey, method.services)
  const token = await requestIdentityToken(env, method.audience)
  return signKeyless(statement, token, method.services)
}
