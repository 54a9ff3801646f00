import type { Digest } from '../../domain/index.ts'
import type { ImageGraph, StoredManifest } from '../content/image-graph.ts'
import { parseManifest } from '../content/image-manifest.ts'
import { ociProblems as problems } from '../problems.ts'
import { nameIn, storeManifest } from './manifests.ts'
import { formatReference, parseReference, type ImageReference } from './reference.ts'
import { listInFallback } from './referrers.ts'
import type { RegistryHost, RegistryOptions } from './registry-host.ts'
import { openSession, type RegistrySession } from './registry-session.ts'
import { uploadBlob, type UploadProgress } from './upload-blob.ts'

export interface PushOptions extends RegistryOptions {
  /** Besides the tag of the reference. */
  readonly tags?: readonly string[]
  readonly chunkBytes?: number
  readonly onProgress?: (progress: UploadProgress) => void
}

export interface PushedImage {
  /** `REGISTRY/REPOSITORY@sha256:…` */
  readonly reference: string
  readonly digest: Digest
  readonly tags: readonly string[]
  readonly attached: readonly { readonly digest: Digest; readonly artifact_type: string }[]
  readonly blobs: Readonly<Record<'uploaded' | 'mounted' | 'present', number>>
}

/**
 * Pushes an image with its attachments: content, manifest by digest, attachments, and last the tags, so that nobody
 * sees a tag whose signature is not there yet. Every manifest is read back and compared.
 *
 * @throws {ProblemError} BCN_OCI_READ_BACK, BCN_OCI_DENIED, BCN_OCI_UNREACHABLE, …
 */
export async function pushImage(
  graph: ImageGraph,
  reference: ImageReference,
  host: RegistryHost,
  options: PushOptions = {},
): Promise<PushedImage> {
  const { image, referrers } = graph
  const { digest } = image.descriptor
  if (reference.digest !== undefined && reference.digest !== digest) {
    throw problems.BCN_OCI_DIGEST_MISMATCH({ expected: reference.digest, actual: digest })
  }
  const session = openSession(reference, host, options)
  session.requireScope(`repository:${reference.repository}:pull,push`)
  const counts = { uploaded: 0, mounted: 0, present: 0 }
  const mountFrom = mountSource(image, reference)
  if (mountFrom !== undefined) session.requireScope(`repository:${mountFrom}:pull`)
  await pushBlobs(session, image, { ...options, mountFrom, counts })
  await storeManifest(session, image, digest)
  for (const referrer of referrers) {
    await pushBlobs(session, referrer, { ...options, mountFrom: undefined, counts })
    await attach(session, image, referrer)
  }
  const named = [...(reference.tag === undefined ? [] : [reference.tag]), ...(options.tags ?? [])]
  const tags = [...new Set(named)]
  for (const tag of tags) await storeManifest(session, image, tag)
  const attached = referrers.map(({ descriptor }) => ({
    digest: descriptor.digest,
    artifact_type: descriptor.artifactType ?? '',
  }))
  return { reference: formatReference(nameIn(session, digest)), digest, tags, attached, blobs: counts }
}

interface BlobOptions extends Omit<PushOptions, 'tags'> {
  readonly mountFrom: string | undefined
  readonly counts: Record<'uploaded' | 'mounted' | 'present', number>
}

async function pushBlobs(
  session: RegistrySession,
  { blobs }: StoredManifest,
  { mountFrom, counts, ...options }: BlobOptions,
): Promise<void> {
  const seen = new Set<Digest>()
  for (const blob of blobs) {
    if (seen.has(blob.descriptor.digest)) continue
    seen.add(blob.descriptor.digest)
    const mount = mountFrom === undefined ? {} : { mountFrom }
    const state = await uploadBlob(session, blob, { ...options, ...mount })
    if (state !== 'uploading') counts[state] += 1
  }
}

async function attach(
  session: RegistrySession,
  image: StoredManifest,
  referrer: StoredManifest,
): Promise<void> {
  const { isSubjectListed } = await storeManifest(session, referrer, referrer.descriptor.digest)
  if (!isSubjectListed) await listInFallback(session, image.descriptor.digest, referrer.descriptor)
}

/** The repository of the base image, where it is in the same registry. */
function mountSource({ bytes, descriptor }: StoredManifest, target: ImageReference): string | undefined {
  const { annotations } = parseManifest(bytes, descriptor)
  const name = annotations?.['org.opencontainers.image.base.name']
  if (name === undefined) return undefined
  const base = parseReference(name)
  return base.registry === target.registry && base.repository !== target.repository
    ? base.repository
    : undefined
}
