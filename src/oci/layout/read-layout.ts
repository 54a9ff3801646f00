import type { Digest } from '../../domain/index.ts'
import type { Descriptor } from '../content/descriptor.ts'
import type { ImageGraph, StoredManifest } from '../content/image-graph.ts'
import { parseManifest, type ImageManifest } from '../content/image-manifest.ts'
import { readVerified } from '../content/blob.ts'
import { ociLimits } from '../content/limits.ts'
import { mediaTypes, ociMediaType } from '../content/media-types.ts'
import { ociProblems as problems } from '../problems.ts'
import { imageAttachments, type ImageAttachments } from './image-attachments.ts'
import type { LayoutReference } from './layout-reference.ts'
import { openLayout, type LayoutStore } from './layout-store.ts'
import { readReferrer } from './read-referrer.ts'
import { unpackImage, type UnpackedImage } from './unpack-image.ts'

/** An image of a layout, verified, with all that is attached to it there. */
export interface LayoutImage extends UnpackedImage, ImageGraph, ImageAttachments {}

const REF_NAME = 'org.opencontainers.image.ref.name'

/**
 * Reads and verifies an image of a layout, its artifact and its attachments. Without a tag or digest the layout must
 * hold one image.
 *
 * @throws {ProblemError} BCN_OCI_…, BCN_ARTIFACT_…
 */
export async function readLayout(reference: LayoutReference): Promise<LayoutImage> {
  const store = await openLayout(reference.path)
  const { root, tags, others } = await chooseImage(store, reference)
  const unpacked = await unpackImage(store, root)
  verifyDescriptor(root, unpacked.manifest)
  const referrers = await Promise.all(others.map((descriptor) => readReferrer(store, descriptor, root)))
  await verifyContent([unpacked.image, ...referrers.map(({ stored }) => stored)])
  for (const { stored } of referrers)
    verifyDescriptor(stored.descriptor, parseManifest(stored.bytes, stored.descriptor))
  const attachments = imageAttachments(referrers, unpacked.artifact)
  return { ...unpacked, ...attachments, referrers: referrers.map(({ stored }) => stored), tags }
}

/** The descriptor of the one image that is meant: a manifest or, for a base image, an index. */
export async function chooseImage(
  store: LayoutStore,
  { path, tag, digest }: LayoutReference,
): Promise<{ root: Descriptor; tags: readonly string[]; others: readonly Descriptor[] }> {
  const entries = await Promise.all(
    store.index.manifests.map(async (descriptor) => ({
      descriptor,
      subject: await subjectOf(store, descriptor),
    })),
  )
  const images = entries.filter(({ subject }) => subject === undefined).map(({ descriptor }) => descriptor)
  const wanted = images.filter(
    (image) =>
      (tag === undefined || image.annotations?.[REF_NAME] === tag) &&
      (digest === undefined || image.digest === digest),
  )
  const [root] = wanted
  if (root === undefined) {
    const name = digest ?? tag ?? 'at all'
    throw problems.BCN_OCI_IMAGE_UNKNOWN({ path, wanted: name, images: describeImages(images) })
  }
  if (wanted.some((image) => image.digest !== root.digest)) {
    throw problems.BCN_OCI_IMAGE_AMBIGUOUS({ path, images: describeImages(wanted) })
  }
  const same = images.filter((image) => image.digest === root.digest)
  const tags = [...new Set(same.flatMap(({ annotations }) => annotations?.[REF_NAME] ?? []))]
  const others = entries.filter(({ subject }) => subject === root.digest).map(({ descriptor }) => descriptor)
  return { root, tags, others }
}

async function subjectOf(store: LayoutStore, descriptor: Descriptor): Promise<Digest | undefined> {
  if (ociMediaType(descriptor.mediaType) === mediaTypes.index) return undefined
  const limit = { kind: 'manifest', maxBytes: ociLimits.maxManifestBytes } as const
  return parseManifest(await readVerified(store, descriptor, limit), descriptor).subject?.digest
}

/** Reads all content, a base image's layers too: its digest is compared on the way. */
async function verifyContent(manifests: readonly StoredManifest[]): Promise<void> {
  for (const { blobs } of manifests) for (const blob of blobs) for await (const _ of blob.read());
}

/** What the index says of a manifest beside its name is what the manifest says. */
function verifyDescriptor({ artifactType, annotations, digest }: Descriptor, manifest: ImageManifest): void {
  const differing = Object.keys(annotations ?? {}).find(
    (key) => key !== REF_NAME && annotations?.[key] !== manifest.annotations?.[key],
  )
  if (artifactType !== undefined && artifactType !== manifest.artifactType) {
    const reason = `index.json says its artifactType is ${artifactType}, it is ${manifest.artifactType ?? 'none'}`
    throw problems.BCN_OCI_MANIFEST_MALFORMED({ name: digest, reason })
  }
  if (differing !== undefined) {
    const [actual, expected] = [
      annotations?.[differing] ?? '',
      manifest.annotations?.[differing] ?? 'nothing',
    ]
    throw problems.BCN_OCI_LABELS_MISMATCH({ place: 'index annotation', key: differing, expected, actual })
  }
}

function describeImages(images: readonly Descriptor[]): string {
  const names = images.map(({ digest, annotations }) => {
    const tag = annotations?.[REF_NAME]
    return tag === undefined ? digest : `${tag} (${digest})`
  })
  return names.join(', ') || 'none'
}
