import type { Artifact } from '../../artifact/index.ts'
import type { ImageGraph } from '../content/image-graph.ts'
import { bundleAttachment, sbomAttachment, type AttachedFile } from './attachments.ts'
import { referrerManifest } from './referrer-manifest.ts'

export interface AttachmentFiles {
  readonly bundles?: readonly AttachedFile[]
  readonly sbom?: AttachedFile
}

/**
 * Attaches signature bundles and an SBOM to an image, beside what is attached already. A bundle must be about the
 * artifact or the image, an SBOM about the artifact.
 *
 * @throws {ProblemError} BCN_OCI_ATTACHMENT
 */
export function attachToImage<Graph extends ImageGraph>(
  graph: Graph,
  artifact: Artifact,
  { bundles = [], sbom }: AttachmentFiles,
): Graph {
  const { descriptor } = graph.image
  const about = [artifact.digest, descriptor.digest]
  const created = artifact.manifest.build_timestamp
  const attachments = [
    ...bundles.map((file) => bundleAttachment(file, about, created)),
    ...(sbom === undefined ? [] : [sbomAttachment(sbom, artifact)]),
  ]
  const added = attachments.map((attachment) => referrerManifest(descriptor, attachment))
  const all = new Map(
    [...graph.referrers, ...added].map((referrer) => [referrer.descriptor.digest, referrer]),
  )
  return { ...graph, referrers: [...all.values()] }
}
