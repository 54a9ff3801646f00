import { stringify } from 'yaml'

import type { Release } from './release.ts'

const HEAD = `# The artifact that this environment has to run. Written by barbacane release, promote and rollback.
`

/** The text of a release file: the same text for the same release. */
export function printRelease(release: Release): string {
  const data = {
    version: 1,
    artifact_hash: release.artifactHash,
    artifact_digest: release.artifactDigest,
    image: release.image,
    commit: release.commit,
    identity: release.identity,
    released_by: release.releasedBy,
    released_at: release.releasedAt,
    reason: release.reason,
  }
  return HEAD + stringify(data, { lineWidth: 0 })
}
