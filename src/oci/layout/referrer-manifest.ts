import { canonicalJson, type JsonValue } from '../../domain/index.ts'
import { bytesBlob, type Blob } from '../content/blob.ts'
import { describeBytes, type Descriptor } from '../content/descriptor.ts'
import type { StoredManifest } from '../content/image-graph.ts'
import { mediaTypes } from '../content/media-types.ts'

/** The empty JSON object that manifests without a configuration name (OCI image specification v1.1, manifest.md). */
export const emptyConfig: Blob = bytesBlob(mediaTypes.empty, Buffer.from('{}'))

export interface Attachment {
  readonly artifactType: typeof mediaTypes.bundle | typeof mediaTypes.sbom
  readonly bytes: Uint8Array
  readonly annotations: Readonly<Record<string, string>>
}

/**
 * The manifest that attaches content to an image by `subject` (OCI 1.1 referrers). Its descriptor repeats the
 * artifact type and annotations, as listings of referrers do.
 */
export function referrerManifest(subject: Descriptor, attachment: Attachment): StoredManifest {
  const { artifactType, annotations } = attachment
  const layer = bytesBlob(artifactType, attachment.bytes)
  const { mediaType, digest, size } = subject
  return encodeManifest([emptyConfig, layer], {
    artifactType,
    subject: { mediaType, digest, size },
    annotations,
  })
}

/** Writes an image manifest over a configuration and layers, as canonical JSON. */
export function encodeManifest(
  blobs: readonly [config: Blob, ...layers: Blob[]],
  members: {
    readonly artifactType?: string
    readonly subject?: Descriptor
    readonly annotations: Readonly<Record<string, string>>
  },
): StoredManifest {
  const [config, ...layers] = blobs
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: config.descriptor,
    layers: layers.map(({ descriptor }) => descriptor),
    ...members,
  }
  const bytes = Buffer.from(canonicalJson(manifest as unknown as JsonValue))
  const { artifactType, annotations } = members
  const described = describeBytes(mediaTypes.manifest, bytes)
  const descriptor = artifactType === undefined ? described : { ...described, artifactType, annotations }
  return { descriptor, bytes, blobs }
}
