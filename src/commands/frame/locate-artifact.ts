import type { Host } from '../../domain/index.ts'
import { fetchArtifact } from '../../oci/index.ts'
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
}

/** Fetches the artifact of an `oci://` reference into the cache, verified, with what is attached. */
export async function locateArtifact(flags: ServeFlags, host: Host): Promise<LocatedArtifact> {
  const needsBundle = flags['require-signature'] === true
  const fetched = await fetchArtifact(flags.artifact, createRegistryHost(host), { needsBundle })
  const { bundles, image: imageDigest, path, sboms } = fetched
  const [sbom, ...otherSboms] = sboms
  return { path, image: { bundles, sbom, otherSboms, imageDigest } }
}
