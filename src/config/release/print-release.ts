import { stringify } from 'yaml'

import type { Release } from './release.ts'

const HEAD = `# The artifact that this environment has to run. Written by barbacane release, promote and rollback.
`

/** A release in the words of its file, which are those of results, too. */
export interface PrintedRelease {
  readonly artifact_hash: string
  readonly artifact_digest: string
  readonly image: string | null
  readonly commit: string | null
  readonly identity: string | null
  readonly released_by: string | null
  readonly released_at: string | null
  readonly reason: string | null
}

export function printedRelease(release: Release): PrintedRelease {
  return {
    artifact_hash: release.artifactHash,
    artifact_digest: release.artifactDigest,
    image: release.image,
    commit: release.commit,
    identity: release.identity,
    released_by: release.releasedBy,
    released_at: release.releasedAt,
    reason: release.reason,
  }
}

/** The text of a release file: the same text for the same release. */
export function printRelease(release: Release): string {
  return HEAD + stringify({ version: 1, ...printedRelease(release) }, { lineWidth: 0 })
}
