import type { Digest } from '../../domain/index.ts'
import { readVerified, sourceBlob, type Blob, type ContentSource } from '../content/blob.ts'
import type { Descriptor, Platform } from '../content/descriptor.ts'
import { parseConfig, type ImageConfig } from '../content/image-config.ts'
import { parseIndex, parseManifest } from '../content/image-manifest.ts'
import { ociLimits } from '../content/limits.ts'
import { mediaTypes, ociMediaType } from '../content/media-types.ts'
import { ociProblems as problems } from '../problems.ts'

/** An image to put our layer on. */
export interface BaseImage {
  /** The reference it was found by, for `org.opencontainers.image.base.name`. */
  readonly name?: string
  /** The digest it was pinned by: of a manifest, or of the index that led to it. */
  readonly digest: Digest
  readonly config: ImageConfig
  /** Read and verified when they are written or pushed. */
  readonly layers: readonly Blob[]
}

/**
 * Reads a base image from a layout or a registry: index (one manifest is chosen by the platform), manifest and
 * configuration, each verified against the digest that led to it.
 *
 * @param root descriptor of the pinned manifest or index.
 * @throws {ProblemError} BCN_OCI_BASE_UNSUPPORTED, and what verifying and parsing throw.
 */
export async function readBaseImage(
  source: ContentSource,
  root: Descriptor,
  options: { readonly platform: Platform; readonly name?: string },
): Promise<BaseImage> {
  const { descriptor, bytes } = await chooseManifest(source, root, options.platform)
  const manifest = parseManifest(bytes, descriptor)
  if (ociMediaType(manifest.config.mediaType) !== mediaTypes.config) {
    throw unsupported(root, `its configuration is ${manifest.config.mediaType}, not an image's`)
  }
  const limit = { kind: 'blob', maxBytes: ociLimits.maxConfigBytes } as const
  const config = parseConfig(await readVerified(source, manifest.config, limit), manifest.config.digest)
  if (config.diffIds.length !== manifest.layers.length) {
    throw unsupported(root, `it has ${manifest.layers.length} layers and ${config.diffIds.length} diff_ids`)
  }
  const layers = manifest.layers.map((layer) => sourceBlob(source, ociLayer(root, layer)))
  const named = options.name === undefined ? {} : { name: options.name }
  return { ...named, digest: root.digest, config, layers }
}

async function chooseManifest(source: ContentSource, root: Descriptor, platform: Platform) {
  const limit = { kind: 'manifest', maxBytes: ociLimits.maxManifestBytes } as const
  const bytes = await readVerified(source, root, limit)
  if (ociMediaType(root.mediaType) !== mediaTypes.index) return { descriptor: root, bytes }
  const { manifests } = parseIndex(bytes, root.digest)
  const chosen = manifests.find((entry) => matches(platform, entry.platform))
  if (chosen === undefined) {
    const offered = manifests.map((entry) => formatPlatform(entry.platform)).join(', ')
    throw unsupported(root, `it has no image for ${formatPlatform(platform)}, only for ${offered}`)
  }
  return { descriptor: chosen, bytes: await readVerified(source, chosen, limit) }
}

function matches(wanted: Platform, offered: Platform | undefined): boolean {
  if (offered === undefined) return false
  const sameVariant = wanted.variant === undefined || wanted.variant === offered.variant
  return wanted.os === offered.os && wanted.architecture === offered.architecture && sameVariant
}

function formatPlatform(platform: Platform | undefined): string {
  return platform === undefined
    ? 'an unnamed platform'
    : [platform.os, platform.architecture, platform.variant].filter(Boolean).join('/')
}

function ociLayer(root: Descriptor, { mediaType, digest, size }: Descriptor): Descriptor {
  const translated = ociMediaType(mediaType)
  const known: readonly string[] = [mediaTypes.layerTar, mediaTypes.layerGzip, mediaTypes.layerZstd]
  if (!known.includes(translated))
    throw unsupported(root, `its layer ${digest} has the media type ${mediaType}`)
  return { mediaType: translated, digest, size }
}

function unsupported({ digest }: Descriptor, reason: string) {
  return problems.BCN_OCI_BASE_UNSUPPORTED({ digest, reason })
}
