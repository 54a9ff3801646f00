import { decodeArtifact, type Artifact } from '../../artifact/index.ts'
import { canonicalJson, type JsonValue } from '../../domain/index.ts'
import { bytesBlob } from '../content/blob.ts'
import type { Platform } from '../content/descriptor.ts'
import type { ImageGraph, StoredManifest } from '../content/image-graph.ts'
import { mediaTypes } from '../content/media-types.ts'
import { ociProblems as problems } from '../problems.ts'
import { attachToImage } from './attach-to-image.ts'
import type { AttachedFile } from './attachments.ts'
import type { BaseImage } from './base-image.ts'
import { encodeConfigLayer, secondsOf } from './config-layer.ts'
import { encodeImageConfig, extendImageConfig } from './encode-config.ts'
import { imageLabels, type Labels } from './image-labels.ts'
import { emptyConfig, encodeManifest } from './referrer-manifest.ts'

export const imageShapes = ['image', 'artifact', 'runnable'] as const

export type ImageShape = (typeof imageShapes)[number]

export interface ImageOptions {
  /** Names of the image in the layout; they are no part of the image. Default: the first 12 digits of the fingerprint. */
  readonly tags?: readonly string[]
  /** The version label; default as for tags. */
  readonly version?: string
  /** What the configuration says of a scratch image; default linux/amd64. */
  readonly platform?: Platform
  /** The image that `runnable` extends. */
  readonly base?: BaseImage
  readonly sbom?: AttachedFile
  readonly bundles?: readonly AttachedFile[]
}

/** An image, what is attached to it, and the index of the layout that holds them: everything but writing it. */
export interface ImagePlan extends ImageGraph {
  readonly shape: ImageShape
  readonly artifact: Artifact
  /** `index.json`. */
  readonly index: Uint8Array
  readonly mtimeSeconds: number
}

/**
 * Plans the OCI image (image specification v1.1) of an artifact in one of three shapes: `image` has one layer with
 * /config/api.bca over nothing, `artifact` is the bare file as an OCI artifact, `runnable` appends that layer to a
 * base image and starts its entry point with it. Same arguments, same bytes, on every machine.
 *
 * @throws {ProblemError} BCN_ARTIFACT_… for an artifact that is not intact, BCN_OCI_OPTIONS, BCN_OCI_ATTACHMENT
 */
export function planImage(shape: ImageShape, bytes: Uint8Array, options: ImageOptions = {}): ImagePlan {
  refuseContradictions(shape, options)
  const artifact = decodeArtifact(bytes)
  const tags = options.tags?.length ? [...new Set(options.tags)] : [defaultTag(artifact)]
  const labels = imageLabels(artifact, {
    version: options.version ?? defaultTag(artifact),
    ...(options.base && { base: options.base }),
  })
  const image = shapes[shape](bytes, { artifact, labels, options })
  const graph = attachToImage({ image, referrers: [], tags }, artifact, options)
  const index = layoutIndex(graph)
  return { ...graph, shape, artifact, index, mtimeSeconds: secondsOf(artifact.manifest.build_timestamp) }
}

/** The tag of an image whose user gave none: the first 12 hex digits of the fingerprint. */
function defaultTag({ manifest }: Artifact): string {
  return manifest.artifact_hash.slice('sha256:'.length, 'sha256:'.length + 12)
}

interface Material {
  readonly artifact: Artifact
  readonly labels: Labels
  readonly options: ImageOptions
}

const shapes: Readonly<Record<ImageShape, (bytes: Uint8Array, material: Material) => StoredManifest>> = {
  image: (bytes, { artifact, labels, options }) => {
    const layer = layerOf(bytes, artifact, options)
    const platform = options.platform ?? { os: 'linux', architecture: 'amd64' }
    const config = encodeImageConfig({ diffId: layer.diffId, created: createdAt(artifact), labels }, platform)
    return encodeManifest([bytesBlob(mediaTypes.config, config), layer.blob], { annotations: labels })
  },
  artifact: (bytes, { labels }) => {
    const layer = bytesBlob(mediaTypes.artifact, bytes, { 'org.opencontainers.image.title': 'api.bca' })
    return encodeManifest([emptyConfig, layer], { artifactType: mediaTypes.artifact, annotations: labels })
  },
  runnable: (bytes, { artifact, labels, options }) => {
    const base = options.base as BaseImage
    const layer = layerOf(bytes, artifact, options)
    const config = extendImageConfig(
      { diffId: layer.diffId, created: createdAt(artifact), labels },
      base.config,
    )
    const blobs = [...base.layers, layer.blob]
    return encodeManifest([bytesBlob(mediaTypes.config, config), ...blobs], { annotations: labels })
  },
}

function layerOf(bytes: Uint8Array, artifact: Artifact, { sbom }: ImageOptions) {
  return encodeConfigLayer({ artifact: bytes, sbom: sbom?.bytes }, secondsOf(createdAt(artifact)))
}

function createdAt({ manifest }: Artifact): string {
  return manifest.build_timestamp
}

function refuseContradictions(shape: ImageShape, { base, platform }: ImageOptions): void {
  if (shape === 'runnable' && base === undefined)
    throw options('the shape runnable needs a base image (--base)')
  if (shape !== 'runnable' && base !== undefined) throw options(`the shape ${shape} has no base image`)
  if (shape === 'artifact' && platform !== undefined) throw options('the shape artifact has no platform')
}

function options(reason: string) {
  return problems.BCN_OCI_OPTIONS({ reason })
}

function layoutIndex({ image, referrers, tags }: ImageGraph): Uint8Array {
  const named = tags.map((tag) => ({
    ...image.descriptor,
    annotations: { ...image.descriptor.annotations, 'org.opencontainers.image.ref.name': tag },
  }))
  const manifests = [...named, ...referrers.map(({ descriptor }) => descriptor)]
  const index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests }
  return Buffer.from(canonicalJson(index as unknown as JsonValue))
}
