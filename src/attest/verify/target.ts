import type { Digest } from '../../domain/index.ts'

/**
 * What is verified, wherever it was read from: a file, an OCI image layout, a registry. All of it is untrusted.
 */
export interface VerificationTarget {
  readonly kind: 'artifact' | 'layout' | 'registry'
  /** As the user named it. */
  readonly name: string
  /** The whole `.bca`. */
  readonly artifactBytes: Uint8Array
  /** Every Sigstore bundle that was found; one of them has to hold. */
  readonly bundles: readonly Uint8Array[]
  /** The CycloneDX document that was found, if any. */
  readonly sbom?: Uint8Array | undefined
  /** Further ones, as an image can have: the one that is signed counts. */
  readonly otherSboms?: readonly Uint8Array[] | undefined
  /** The digest of the image manifest that holds the artifact; where an image is signed, it has to be this one. */
  readonly imageDigest?: Digest | undefined
}
