import { join } from 'node:path'

import { decodeArtifact, type Artifact } from '../../artifact/index.ts'
import { digestOf, type Digest } from '../../domain/index.ts'
import { parseManifest } from '../content/image-manifest.ts'
import { mediaTypes } from '../content/media-types.ts'
import { attachmentFiles } from '../layout/image-attachments.ts'
import { ociProblems as problems } from '../problems.ts'
import { imageCache, type ImageCache } from './image-cache.ts'
import { pullImage } from './pull-image.ts'
import { parseReference } from './reference.ts'
import type { RegistryHost, RegistryOptions } from './registry-host.ts'

export interface FetchOptions extends RegistryOptions {
  /** Asks the registry again where the cache has the artifact but no signature bundle. */
  readonly needsBundle?: boolean
  /** Asks the registry whatever the cache has: what is attached may be other than it was. */
  readonly isFresh?: boolean
}

export interface FetchedArtifact {
  readonly artifact: Artifact
  readonly bytes: Buffer
  /** The file in the cache; signature bundles and SBOMs stand beside it as {@link attachmentFiles} names them. */
  readonly path: string
  /** The digest of the image's manifest: what the reference pinned. */
  readonly image: Digest
  /** Signature bundles, unverified. */
  readonly bundles: readonly Buffer[]
  /** SBOMs, unverified. */
  readonly sboms: readonly Buffer[]
  /** True where no registry was asked. */
  readonly isCached: boolean
}

const FILE = 'api.bca'
const ATTACHED = /^api\.bca\.(sigstore|cdx)(?:\.(\d+))?\.json$/

/**
 * Fetches the artifact of an image that a reference pins by digest (`oci://HOST/REPOSITORY@sha256:…`), from the cache
 * where it is there and intact. Either way everything is verified from that digest on.
 *
 * @throws {ProblemError} BCN_OCI_REFERENCE, BCN_OCI_REFERENCE_UNPINNED, and what {@link pullImage} throws.
 */
export async function fetchArtifact(
  text: string,
  host: RegistryHost,
  options: FetchOptions = {},
): Promise<FetchedArtifact> {
  const reference = parseReference(text)
  const image = reference.digest
  if (image === undefined) throw problems.BCN_OCI_REFERENCE_UNPINNED({ reference: text })
  const cache = imageCache('images', image, host)
  const path = join(cache.folder, FILE)
  const cached = options.isFresh === true ? undefined : await readCached(cache, image)
  if (cached !== undefined && !(options.needsBundle === true && cached.bundles.length === 0)) {
    return { ...cached, path, image, isCached: true }
  }
  const pulled = await pullImage(reference, host, options)
  await cache.write(new Map([[FILE, pulled.bytes], ...attachmentFiles(FILE, pulled)]), pulled.image.bytes)
  const { artifact, bytes } = pulled
  const { bundles, sboms } = pulled
  return { artifact, bytes, path, image, bundles, sboms, isCached: false }
}

/** The manifest is what was pinned; its annotation, checked when it was pulled, names the artifact's digest. */
async function readCached(cache: ImageCache, image: Digest) {
  const manifestBytes = await cache.readManifest()
  const bytes = manifestBytes && (await cache.read(FILE))
  if (bytes === undefined || manifestBytes === undefined) return undefined
  const descriptor = { mediaType: mediaTypes.manifest, digest: image, size: manifestBytes.byteLength }
  const { annotations } = parseManifest(manifestBytes, descriptor)
  if (annotations?.['dev.barbacane.artifact_digest'] !== digestOf(bytes)) return undefined
  const [bundles, sboms] = [await readAttached(cache, 'sigstore'), await readAttached(cache, 'cdx')]
  return { artifact: decodeArtifact(bytes), bytes, bundles, sboms }
}

async function readAttached(cache: ImageCache, kind: 'sigstore' | 'cdx'): Promise<readonly Buffer[]> {
  const names = (await cache.list())
    .filter((name) => ATTACHED.exec(name)?.[1] === kind)
    .toSorted((a, b) => numberOf(a) - numberOf(b))
  const contents = await Promise.all(names.map((name) => cache.read(name)))
  return contents.filter((content) => content !== undefined)
}

/** The file without a number is the first. */
function numberOf(name: string): number {
  return Number(ATTACHED.exec(name)?.[2] ?? 1)
}
