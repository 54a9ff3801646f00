import type { Artifact } from '../../artifact/index.ts'

/** What the labels say beyond the artifact. */
export interface LabelOptions {
  readonly version: string
  readonly base?: { readonly name?: string; readonly digest: string }
}

export type Labels = Readonly<Record<string, string>>

/**
 * The labels of an image and the annotations of its manifest: the keys that the OCI image specification defines
 * (annotations.md) and our own, all taken from the artifact. What the artifact does not know has no label.
 */
export function imageLabels(artifact: Artifact, { version, base }: LabelOptions): Labels {
  return present({
    ...artifactLabels(artifact),
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.base.name': base?.name,
    'org.opencontainers.image.base.digest': base?.digest,
  })
}

/** Those labels that follow from the artifact alone and can be checked against it. */
export function artifactLabels({ manifest, digest }: Artifact): Labels {
  const { commit, source } = manifest.provenance
  return present({
    'org.opencontainers.image.created': manifest.build_timestamp,
    'org.opencontainers.image.revision': commit,
    'org.opencontainers.image.source': source,
    'org.opencontainers.image.title': titleOf(manifest.source_specs.map(({ title }) => title)),
    'dev.barbacane.artifact_hash': manifest.artifact_hash,
    'dev.barbacane.artifact_digest': digest,
    'dev.barbacane.commit': commit,
    'dev.barbacane.source': source,
    'dev.barbacane.build_timestamp': manifest.build_timestamp,
  })
}

function titleOf([first, ...others]: readonly string[]): string | undefined {
  return others.length === 0 ? first : `${first} and ${others.length} more`
}

function present(labels: Readonly<Record<string, string | null | undefined>>): Labels {
  return Object.fromEntries(
    Object.entries(labels).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}
