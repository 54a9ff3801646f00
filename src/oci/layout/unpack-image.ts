import { decodeArtifact, type Artifact } from '../../artifact/index.ts'
import { readVerified, sourceBlob, type ContentSource } from '../content/blob.ts'
import { type Descriptor } from '../content/descriptor.ts'
import { parseConfig } from '../content/image-config.ts'
import type { StoredManifest } from '../content/image-graph.ts'
import { parseManifest, type ImageManifest } from '../content/image-manifest.ts'
import { ociLimits } from '../content/limits.ts'
import { mediaTypes, ociMediaType } from '../content/media-types.ts'
import { ociProblems as problems } from '../problems.ts'
import { decodeConfigLayer } from './config-layer.ts'
import { artifactLabels, type Labels } from './image-labels.ts'
import type { ImageShape } from './plan-image.ts'

/** The artifact of an image, verified from the manifest's digest down to the labels. */
export interface UnpackedImage {
  readonly shape: ImageShape
  readonly image: StoredManifest
  readonly manifest: ImageManifest
  /** The bytes of the `.bca`. */
  readonly bytes: Buffer
  readonly artifact: Artifact
}

/**
 * Reads the artifact out of an image of any shape: every descriptor is compared with its content, the layer with the
 * configuration's diff_id, the archive with the one form we write, and labels and annotations with the artifact.
 *
 * @param root descriptor of the manifest.
 * @throws {ProblemError} BCN_OCI_…_MISMATCH, BCN_OCI_…_MALFORMED, BCN_OCI_NO_ARTIFACT, BCN_ARTIFACT_…
 */
export async function unpackImage(source: ContentSource, root: Descriptor): Promise<UnpackedImage> {
  const limit = { kind: 'manifest', maxBytes: ociLimits.maxManifestBytes } as const
  const manifestBytes = await readVerified(source, root, limit)
  const manifest = parseManifest(manifestBytes, root)
  const content = await contentOf(source, manifest, root)
  const artifact = decodeArtifact(content.bytes)
  content.verify(artifact)
  compareLabels('annotation', manifest.annotations ?? {}, artifactLabels(artifact))
  const blobs = [manifest.config, ...manifest.layers].map((descriptor) => sourceBlob(source, descriptor))
  const image = { descriptor: root, bytes: manifestBytes, blobs }
  return { shape: content.shape, image, manifest, bytes: content.bytes, artifact }
}

interface Content {
  readonly shape: ImageShape
  readonly bytes: Buffer
  readonly verify: (artifact: Artifact) => void
}

async function contentOf(source: ContentSource, manifest: ImageManifest, root: Descriptor): Promise<Content> {
  if (manifest.artifactType === mediaTypes.artifact) return bareContent(source, manifest, root)
  if (ociMediaType(manifest.config.mediaType) === mediaTypes.config)
    return layeredContent(source, manifest, root)
  const type = manifest.artifactType ?? manifest.config.mediaType
  throw problems.BCN_OCI_NO_ARTIFACT({ digest: root.digest, reason: `it is a ${type}` })
}

async function bareContent(
  source: ContentSource,
  manifest: ImageManifest,
  root: Descriptor,
): Promise<Content> {
  const [layer, ...others] = manifest.layers
  if (layer?.mediaType !== mediaTypes.artifact || others.length > 0) {
    throw problems.BCN_OCI_NO_ARTIFACT({ digest: root.digest, reason: 'it is not one layer with a .bca' })
  }
  if (manifest.config.mediaType !== mediaTypes.empty) {
    throw problems.BCN_OCI_MANIFEST_MALFORMED({
      name: root.digest,
      reason: 'its configuration is not the empty one',
    })
  }
  await readVerified(source, manifest.config, { kind: 'blob', maxBytes: 2 })
  const bytes = await readVerified(source, layer, { kind: 'blob', maxBytes: ociLimits.maxArtifactBytes })
  return { shape: 'artifact', bytes, verify: () => {} }
}

async function layeredContent(
  source: ContentSource,
  manifest: ImageManifest,
  root: Descriptor,
): Promise<Content> {
  const limit = { kind: 'blob', maxBytes: ociLimits.maxConfigBytes } as const
  const config = parseConfig(await readVerified(source, manifest.config, limit), manifest.config.digest)
  const layer = manifest.layers.at(-1)
  const diffId = config.diffIds.at(-1)
  if (layer === undefined || diffId === undefined || config.diffIds.length !== manifest.layers.length) {
    const reason = `it has ${config.diffIds.length} diff_ids for ${manifest.layers.length} layers`
    throw problems.BCN_OCI_CONFIG_MALFORMED({ digest: manifest.config.digest, reason })
  }
  if (config.labels['dev.barbacane.artifact_digest'] === undefined) {
    const reason = 'it has no label dev.barbacane.artifact_digest'
    throw problems.BCN_OCI_NO_ARTIFACT({ digest: root.digest, reason })
  }
  const packed = await readVerified(source, layer, { kind: 'blob', maxBytes: ociLimits.maxLayerBytes })
  const files = await decodeConfigLayer(layer, packed, diffId)
  const verify = (artifact: Artifact): void => {
    files.verifyTimes(artifact)
    compareLabels('label', config.labels, artifactLabels(artifact))
    compareCreated(config.raw['created'], artifact)
  }
  const shape = manifest.layers.length === 1 ? 'image' : 'runnable'
  return { shape, bytes: Buffer.from(files.artifact), verify }
}

/** Labels that the artifact determines are all there and right; one that it does not know is not invented. */
function compareLabels(place: string, found: Labels, expected: Labels): void {
  const ours = Object.keys(found).filter((key) => key.startsWith('dev.barbacane.'))
  for (const key of new Set([...Object.keys(expected), ...ours])) {
    if (found[key] === expected[key]) continue
    const [actual, wanted] = [found[key] ?? 'nothing', expected[key] ?? 'nothing']
    throw problems.BCN_OCI_LABELS_MISMATCH({ place, key, expected: wanted, actual })
  }
}

function compareCreated(created: unknown, { manifest }: Artifact): void {
  const expected = manifest.build_timestamp
  if (created === expected) return
  const actual = typeof created === 'string' ? created : 'nothing'
  throw problems.BCN_OCI_LABELS_MISMATCH({ place: 'member', key: 'created', expected, actual })
}
