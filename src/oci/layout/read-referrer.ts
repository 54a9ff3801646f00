import { readVerified, sourceBlob, type ContentSource } from '../content/blob.ts'
import type { Descriptor } from '../content/descriptor.ts'
import type { StoredManifest } from '../content/image-graph.ts'
import { parseManifest } from '../content/image-manifest.ts'
import { ociLimits } from '../content/limits.ts'
import { mediaTypes } from '../content/media-types.ts'
import { ociProblems as problems } from '../problems.ts'

/** Something attached to an image by a manifest whose `subject` it is. */
export interface Referrer {
  readonly stored: StoredManifest
  readonly artifactType: string
  /** The content where it is a signature bundle or an SBOM; of other kinds only the manifest is read. */
  readonly content: Buffer | undefined
}

/**
 * Reads an attached manifest and what it carries. Listings are not believed: its type and subject are taken from the
 * manifest itself.
 *
 * @throws {ProblemError} BCN_OCI_REFERRER_MALFORMED, and what verifying and parsing throw.
 */
export async function readReferrer(
  source: ContentSource,
  descriptor: Descriptor,
  subject: Descriptor,
): Promise<Referrer> {
  const limit = { kind: 'manifest', maxBytes: ociLimits.maxManifestBytes } as const
  const bytes = await readVerified(source, descriptor, limit)
  const manifest = parseManifest(bytes, descriptor)
  const { digest } = descriptor
  if (manifest.subject?.digest !== subject.digest || manifest.subject.size !== subject.size) {
    const reason = `its subject is ${manifest.subject?.digest ?? 'missing'}, not ${subject.digest}`
    throw problems.BCN_OCI_REFERRER_MALFORMED({ digest, reason })
  }
  const artifactType = manifest.artifactType ?? manifest.config.mediaType
  const blobs = [manifest.config, ...manifest.layers].map((content) => sourceBlob(source, content))
  const stored = { descriptor, bytes, blobs }
  if (artifactType !== mediaTypes.bundle && artifactType !== mediaTypes.sbom) {
    return { stored, artifactType, content: undefined }
  }
  const [layer, ...others] = manifest.layers
  if (layer === undefined || others.length > 0) {
    throw problems.BCN_OCI_REFERRER_MALFORMED({
      digest,
      reason: `it has ${manifest.layers.length} layers, not one`,
    })
  }
  const content = await readVerified(source, layer, { kind: 'blob', maxBytes: ociLimits.maxAttachmentBytes })
  return { stored, artifactType, content }
}
