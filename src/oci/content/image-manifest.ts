import type { Digest } from '../../domain/index.ts'
import { ociProblems as problems } from '../problems.ts'
import { isTextRecord, parseDescriptor, type Descriptor } from './descriptor.ts'
import { mediaTypes, ociMediaType } from './media-types.ts'
import { parseJsonObject } from './parse-json.ts'

/** An image manifest (OCI image specification v1.1, manifest.md). */
export interface ImageManifest {
  readonly schemaVersion: 2
  readonly mediaType: string
  readonly artifactType?: string
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
  readonly subject?: Descriptor
  readonly annotations?: Readonly<Record<string, string>>
}

/** An image index (image-index.md). */
export interface ImageIndex {
  readonly manifests: readonly Descriptor[]
  readonly annotations?: Readonly<Record<string, string>>
}

/**
 * Reads an image manifest, Docker's included, and compares its media type with the descriptor that led to it.
 *
 * @throws {ProblemError} BCN_OCI_MANIFEST_MALFORMED
 */
export function parseManifest(bytes: Uint8Array, { digest, mediaType }: Descriptor): ImageManifest {
  const value = parseTop(bytes, digest)
  if (ociMediaType(mediaType) !== mediaTypes.manifest || (value['mediaType'] ?? mediaType) !== mediaType) {
    throw malformed(
      digest,
      `its media type ${JSON.stringify(value['mediaType'] ?? mediaType)} is no image manifest's`,
    )
  }
  const { artifactType, layers, subject } = value
  if (artifactType !== undefined && typeof artifactType !== 'string') {
    throw malformed(digest, 'its artifactType is not text')
  }
  if (!Array.isArray(layers) || layers.length > 1000) throw malformed(digest, 'it has no list of layers')
  return {
    schemaVersion: 2,
    mediaType,
    ...(artifactType === undefined ? {} : { artifactType }),
    config: descriptorIn(value['config'], digest),
    layers: layers.map((layer) => descriptorIn(layer, digest)),
    ...(subject === undefined ? {} : { subject: descriptorIn(subject, digest) }),
    ...annotationsOf(value, digest),
  }
}

/**
 * Reads an image index (or Docker's manifest list).
 *
 * @throws {ProblemError} BCN_OCI_MANIFEST_MALFORMED
 */
export function parseIndex(bytes: Uint8Array, name: Digest | 'index.json'): ImageIndex {
  const value = parseTop(bytes, name)
  const { mediaType, manifests } = value
  if (
    mediaType !== undefined &&
    (typeof mediaType !== 'string' || ociMediaType(mediaType) !== mediaTypes.index)
  ) {
    throw malformed(name, `its media type ${JSON.stringify(mediaType)} is not an image index's`)
  }
  if (!Array.isArray(manifests) || manifests.length > 10_000)
    throw malformed(name, 'it has no list of manifests')
  return { manifests: manifests.map((entry) => descriptorIn(entry, name)), ...annotationsOf(value, name) }
}

function parseTop(bytes: Uint8Array, name: string): Record<string, unknown> {
  const value = parseJsonObject(bytes)
  if (typeof value === 'string') throw malformed(name, value)
  if (value['schemaVersion'] !== 2) throw malformed(name, 'its schemaVersion is not 2')
  return value
}

function descriptorIn(value: unknown, name: string): Descriptor {
  const descriptor = parseDescriptor(value)
  if (typeof descriptor === 'string') throw malformed(name, descriptor)
  return descriptor
}

function annotationsOf({ annotations }: Record<string, unknown>, name: string) {
  if (annotations === undefined || annotations === null) return {}
  if (!isTextRecord(annotations)) throw malformed(name, 'its annotations are not texts')
  return { annotations }
}

function malformed(name: string, reason: string) {
  return problems.BCN_OCI_MANIFEST_MALFORMED({ name, reason })
}
