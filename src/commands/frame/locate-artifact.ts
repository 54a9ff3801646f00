import type { Host } from '../../domain/index.ts'
import { fetchArtifact, type FetchedArtifact } from '../../oci/index.ts'
import type { ImageEvidence } from './accept-signed.ts'
import { createRegistryHost } from './registry-host.ts'

interface ServeFlags {
  readonly artifact: string
  readonly 'require-signature'?: boolean
}

/** A file to serve, and what is attached to the image that it comes from. */
export interface LocatedArtifact {
  readonly path: string
  readonly image: ImageEvidence
  /** Asks the registry what is attached now; undefined where it was asked just now. */
  readonly refresh: (() => Promise<ImageEvidence>) | undefined
}

/** Fetches the artifact of an `oci://` reference into the cache, verified, with what is attached. */
export async function locateArtifact(flags: ServeFlags, host: Host): Promise<LocatedArtifact> {
  const registryHost = createRegistryHost(host)
  const needsBundle = flags['require-signature'] === true
  const fetched = await fetchArtifact(flags.artifact, registryHost, { needsBundle })
  const refresh = async () => evidenceOf(await fetchArtifact(flags.artifact, registryHost, { isFresh: true }))
  return { path: fetched.path, image: evidenceOf(fetched), refresh: fetched.isCached ? refresh : undefined }
}

function evidenceOf({ bundles, image, sboms }: FetchedArtifact): ImageEvidence {
  const [sbom, ...otherSboms] = sboms
  return { bundles, sbom, otherSboms, imageDigest: image }
}
