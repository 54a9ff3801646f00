import type { Digest } from '../../domain/index.ts'

/** `environments/<env>/release.yaml` (DESIGN §5.7): the artifact that every node of an environment has to run. */
export interface Release {
  /** The fingerprint of the inputs: what was meant. */
  readonly artifactHash: Digest
  /** SHA-256 of the `.bca`: the file. */
  readonly artifactDigest: Digest
  /** `HOST/REPOSITORY@sha256:DIGEST` of the image that holds it. */
  readonly image: string | null
  /** The commit that it was compiled from, in full. */
  readonly commit: string | null
  /** Who signed it, in the words of `barbacane verify`. */
  readonly identity: string | null
  /** `Name <mail>`, as git calls who committed. */
  readonly releasedBy: string | null
  /** RFC 3339 in UTC with whole seconds. */
  readonly releasedAt: string | null
  readonly reason: string | null
}
