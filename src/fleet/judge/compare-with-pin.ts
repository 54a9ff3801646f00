import type { Release } from '../../config/index.ts'
import { verdictOf, type Claims, type Judgement, type Reason } from '../verdict.ts'

export type Comparison = Pick<Judgement, 'verdict' | 'reason' | 'message'>
type Pinned = Pick<Release, 'artifactHash' | 'artifactDigest'>

/** Compares what a node runs, and what lies on its disk, with what is pinned for it. */
export function compareWithPin(claims: Claims, pinned: Pinned | undefined): Comparison {
  const { artifact_digest: running, on_disk_digest: onDisk } = claims
  const isPinned = running === pinned?.artifactDigest
  if (onDisk === null)
    return found('file-missing', 'The file that it loaded is gone, or no artifact any more.')
  if (onDisk !== running && (isPinned || onDisk !== pinned?.artifactDigest)) {
    const rest = isPinned
      ? 'a restart would not bring back what is pinned'
      : 'neither of both is what is pinned'
    return found('file-changed', `The file on its disk is not the one that it loaded; ${rest}.`)
  }
  if (pinned === undefined) {
    return found('nothing-released', 'It runs an artifact, and nothing is released to its environment.')
  }
  if (isPinned) {
    if (claims.artifact_hash === pinned.artifactHash) return found('in-sync', 'It runs what is pinned.')
    // One file has one fingerprint.
    const message = `It claims the pinned file and another fingerprint, ${claims.artifact_hash}: one of both is not true.`
    return found('statement-mismatch', message)
  }
  if (onDisk === pinned.artifactDigest) {
    return found('restart-pending', 'What is pinned lies on its disk, but it was not restarted since.')
  }
  if (claims.artifact_hash === pinned.artifactHash) {
    return found(
      'build-differs',
      'It runs the pinned inputs in another build: another compiler, commit or time.',
    )
  }
  return found('artifact-differs', 'It runs another artifact than is pinned.')
}

function found(reason: Reason, message: string): Comparison {
  return { verdict: verdictOf[reason], reason, message }
}
