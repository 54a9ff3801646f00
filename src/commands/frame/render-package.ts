import type { ImageGraph, ImagePlan } from '../../oci/index.ts'
import { formatSize, renderTable, type Style } from '../../terminal/index.ts'

/** The result of `package`. */
export interface PackageResult {
  /** The layout that was written; null with --dry-run. */
  readonly layout: string | null
  readonly shape: string
  /** Of the image's manifest. */
  readonly digest: string
  readonly tags: readonly string[]
  readonly artifact_hash: string
  readonly artifact_digest: string
  /** Of the content, the manifests included; what is shared counts once. */
  readonly size_bytes: number
  readonly attached: readonly { readonly digest: string; readonly artifact_type: string }[]
}

/** What a plan is, as the data of `--json`. */
export function describePackage(plan: ImagePlan, layout: string | null): PackageResult {
  return {
    layout,
    shape: plan.shape,
    digest: plan.image.descriptor.digest,
    tags: plan.tags,
    artifact_hash: plan.artifact.manifest.artifact_hash,
    artifact_digest: plan.artifact.digest,
    size_bytes: sizeOf(plan),
    attached: plan.referrers.map(({ descriptor }) => ({
      digest: descriptor.digest,
      artifact_type: descriptor.artifactType ?? '',
    })),
  }
}

/** The same for people. */
export function renderPackage(result: PackageResult, style: Style): string {
  const rows = [
    ['image', result.digest],
    ['shape', result.shape],
    ['layout', result.layout ?? 'not written (--dry-run)'],
    ['tags', result.tags.join(', ')],
    ['size', formatSize(result.size_bytes)],
    ['artifact', result.artifact_digest],
    ['fingerprint', result.artifact_hash],
    ...result.attached.map(({ digest, artifact_type: type }) => ['attached', `${digest} (${type})`]),
  ]
  return renderTable([{ header: 'PACKAGED' }, { header: '' }], rows, style)
}

function sizeOf({ image, referrers }: ImageGraph): number {
  const sizes = new Map(
    [image, ...referrers]
      .flatMap(({ descriptor, blobs }) => [descriptor, ...blobs.map((blob) => blob.descriptor)])
      .map(({ digest, size }) => [digest, size]),
  )
  return [...sizes.values()].reduce((total, size) => total + size, 0)
}
