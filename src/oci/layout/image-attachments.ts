import type { Artifact } from '../../artifact/index.ts'
import type { Digest } from '../../domain/index.ts'
import { mediaTypes } from '../content/media-types.ts'
import { readBundleStatement } from './attachments.ts'
import type { Referrer } from './read-referrer.ts'

/** Signature bundles and SBOMs found with an image. What they say is not verified here. */
export interface ImageAttachments {
  /** Those about the artifact first, then by digest. */
  readonly bundles: readonly Buffer[]
  readonly sboms: readonly Buffer[]
}

/** Sorts what is attached to an image into an order that does not depend on a listing. */
export function imageAttachments(referrers: readonly Referrer[], { digest }: Artifact): ImageAttachments {
  const ordered = referrers.toSorted((a, b) => (digestOfReferrer(a) < digestOfReferrer(b) ? -1 : 1))
  const contents = (type: string): readonly Buffer[] =>
    ordered.flatMap(({ artifactType, content }) =>
      artifactType === type && content !== undefined ? [content] : [],
    )
  const isAbout = (bundle: Buffer): boolean => {
    const statement = readBundleStatement(bundle)
    return typeof statement !== 'string' && statement.subjects.includes(digest)
  }
  const bundles = contents(mediaTypes.bundle)
  return {
    bundles: [...bundles.filter(isAbout), ...bundles.filter((bundle) => !isAbout(bundle))],
    sboms: contents(mediaTypes.sbom),
  }
}

function digestOfReferrer({ stored }: Referrer): Digest {
  return stored.descriptor.digest
}

/**
 * The files that stand beside an artifact of this name: `NAME.sigstore.json`, `NAME.sigstore.2.json`, …, and
 * `NAME.cdx.json` likewise.
 */
export function attachmentFiles(
  name: string,
  { bundles, sboms }: ImageAttachments,
): readonly (readonly [path: string, bytes: Buffer])[] {
  const numbered = (contents: readonly Buffer[], kind: string) =>
    contents.map(
      (content, index) => [`${name}.${kind}${index === 0 ? '' : `.${index + 1}`}.json`, content] as const,
    )
  return [...numbered(bundles, 'sigstore'), ...numbered(sboms, 'cdx')]
}
