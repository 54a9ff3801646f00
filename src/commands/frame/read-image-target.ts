import { resolve } from 'node:path'

import type { VerificationTarget } from '../../attest/index.ts'
import type { Digest, Host } from '../../domain/index.ts'
import { parseLayoutReference, parseReference, pullImage, readLayout } from '../../oci/index.ts'
import { createRegistryHost } from './registry-host.ts'

interface ImageRequest {
  readonly kind: 'layout' | 'registry'
  /** As the user named it. */
  readonly name: string
  /** Speaks http to the registry named. */
  readonly plainHttp: boolean
}

interface ImageTarget extends VerificationTarget {
  readonly imageDigest: Digest
}

/**
 * Reads the artifact of an image and what is attached to it. A layout touches no network, a reference only its registry.
 *
 * @throws {ProblemError} BCN_OCI_…, BCN_ARTIFACT_…
 */
export async function readImageTarget(
  { kind, name, plainHttp }: ImageRequest,
  host: Host,
): Promise<ImageTarget> {
  const found =
    kind === 'registry'
      ? await pullImage(parseReference(name), createRegistryHost(host), { plainHttp })
      : await readLayout(layoutOf(name, host.cwd))
  const { bundles, bytes, image, sboms } = found
  const [sbom, ...otherSboms] = sboms
  const imageDigest = image.descriptor.digest
  return { kind, name, artifactBytes: bytes, bundles, sbom, otherSboms, imageDigest }
}

function layoutOf(name: string, cwd: string) {
  const { path, ...chosen } = parseLayoutReference(name)
  return { path: resolve(cwd, path), ...chosen }
}
