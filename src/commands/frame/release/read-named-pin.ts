import { decodeArtifact } from '../../../artifact/index.ts'
import type { VerificationTarget } from '../../../attest/index.ts'
import type { Release } from '../../../config/index.ts'
import type { Host } from '../../../domain/index.ts'
import { formatReference, parseReference } from '../../../oci/index.ts'
import { readTarget } from '../read-target.ts'
import { kindOfTarget } from '../target-kind.ts'
import type { FindArtifact } from './pinned-artifacts.ts'

/** An artifact that the user names, as a release would pin it. */
export interface NamedPin {
  readonly pin: Omit<Release, 'releasedBy' | 'releasedAt' | 'reason'>
  /** Finds it without reading it again, and everything else as before. */
  readonly find: FindArtifact
}

/**
 * Reads the artifact that is to be pinned: a file, an image layout, or an image of a registry. A tag is resolved, and
 * the digest that it stands for is pinned.
 *
 * @throws {ProblemError} BCN_VERIFY_UNREADABLE, BCN_ARTIFACT_…, BCN_OCI_…
 */
export async function readNamedPin(
  name: string,
  {
    find,
    plainHttp,
    host,
  }: { readonly find: FindArtifact; readonly plainHttp: boolean; readonly host: Host },
): Promise<NamedPin> {
  const kind = await kindOfTarget(name, host.cwd)
  const target = await readTarget({ kind, name }, { 'plain-http': plainHttp }, host)
  const { digest, manifest } = decodeArtifact(target.artifactBytes)
  const pin = {
    artifactHash: manifest.artifact_hash,
    artifactDigest: digest,
    image: imageOf(target),
    commit: manifest.provenance.commit,
    identity: null,
  }
  return {
    pin,
    find: async (environment, release) =>
      release.artifactDigest === digest ? target : find(environment, release),
  }
}

function imageOf({ kind, name, imageDigest }: VerificationTarget): string | null {
  if (kind !== 'registry' || imageDigest === undefined) return null
  const { registry, repository } = parseReference(name)
  return formatReference({ registry, repository, digest: imageDigest })
}
