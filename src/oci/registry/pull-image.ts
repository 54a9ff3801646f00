import type { ContentSource } from '../content/blob.ts'
import type { Descriptor } from '../content/descriptor.ts'
import { mediaTypes, ociMediaType } from '../content/media-types.ts'
import { imageAttachments, type ImageAttachments } from '../layout/image-attachments.ts'
import { readReferrer } from '../layout/read-referrer.ts'
import { unpackImage, type UnpackedImage } from '../layout/unpack-image.ts'
import { ociProblems as problems } from '../problems.ts'
import { fetchManifest, type FetchedManifest } from './manifests.ts'
import { formatReference, type ImageReference } from './reference.ts'
import { listReferrers } from './referrers.ts'
import type { RegistryHost, RegistryOptions } from './registry-host.ts'
import { openSession, type RegistrySession } from './registry-session.ts'
import { registrySource } from './registry-source.ts'

/** An image of a registry, verified, with its signature bundles and SBOMs. */
export interface PulledImage extends UnpackedImage, ImageAttachments {}

/**
 * Fetches an image by tag or digest and verifies all of it down to the artifact's fingerprint. Attachments are
 * fetched manifest by manifest; signatures are not judged here.
 *
 * @throws {ProblemError} BCN_OCI_…, BCN_ARTIFACT_…
 */
export async function pullImage(
  reference: ImageReference,
  host: RegistryHost,
  options: RegistryOptions = {},
): Promise<PulledImage> {
  const session = openSession(reference, host, options)
  const root = await resolveReference(session, reference)
  if (ociMediaType(root.descriptor.mediaType) === mediaTypes.index) {
    const reason = 'it is an index of images for several platforms'
    throw problems.BCN_OCI_NO_ARTIFACT({ digest: root.descriptor.digest, reason })
  }
  const source = withManifest(registrySource(session), root)
  const unpacked = await unpackImage(source, root.descriptor)
  return { ...unpacked, ...(await fetchAttachments(session, source, unpacked)) }
}

/** Finds the manifest or index that a reference names; the digest wins over the tag. */
export async function resolveReference(
  session: RegistrySession,
  reference: ImageReference,
): Promise<FetchedManifest> {
  const found = await fetchManifest(session, reference.digest ?? reference.tag ?? 'latest')
  if (found === undefined) throw problems.BCN_OCI_NOT_FOUND({ reference: formatReference(reference) })
  return found
}

async function fetchAttachments(
  session: RegistrySession,
  source: ContentSource,
  { image, artifact }: UnpackedImage,
): Promise<ImageAttachments> {
  const subject = image.descriptor
  const referrers = []
  for (const descriptor of await listReferrers(session, subject.digest)) {
    referrers.push(await readReferrer(source, descriptor, subject))
  }
  return imageAttachments(referrers, artifact)
}

/** Saves fetching the manifest that has been fetched already. */
function withManifest(source: ContentSource, { descriptor, bytes }: FetchedManifest): ContentSource {
  const open = (wanted: Descriptor, kind: 'manifest' | 'blob') =>
    wanted.digest === descriptor.digest ? chunk(bytes) : source.open(wanted, kind)
  return { ...source, open }
}

async function* chunk(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}
