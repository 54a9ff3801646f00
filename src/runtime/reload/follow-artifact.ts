import type { Digest } from '../../domain/index.ts'

export interface FollowedArtifact {
  /** The digest of the file as it is now; null where no file is there that could be an artifact. */
  readonly onDisk: () => Promise<Digest | null>
  /** The digest of what runs. */
  readonly running: () => Digest
  /** Rejects where the file is refused. */
  readonly reload: () => Promise<unknown>
  /** Calls back in a while; the returned function takes that back. */
  readonly schedule: (look: () => void) => () => void
  /** Takes what went wrong with looking. */
  readonly fail: (error: unknown) => void
}

/**
 * Reloads when the artifact's file has become another: one that is not what runs, that was the same twice in a row, and
 * that was not refused before. Looking again and again finds what no event tells of: files that are renamed into place,
 * links that are replaced (as Kubernetes does with what it mounts), and files of other machines.
 *
 * @returns what ends it
 */
export function followArtifact(artifact: FollowedArtifact): () => void {
  let seen: Digest | null = null
  let refused: Digest | null = null
  let isStopped = false
  let cancel = () => {}
  const look = async (): Promise<void> => {
    const found = await artifact.onDisk()
    const isNew = found !== null && found !== artifact.running() && found !== refused
    if (isNew && found === seen) {
      refused = await artifact.reload().then(
        () => null,
        () => found,
      )
    }
    seen = found
  }
  const lookAndGoOn = async (): Promise<void> => {
    try {
      await look()
    } catch (error) {
      artifact.fail(error)
    }
    next()
  }
  const next = () => {
    if (!isStopped) cancel = artifact.schedule(() => void lookAndGoOn())
  }
  next()
  return () => {
    isStopped = true
    cancel()
  }
}
