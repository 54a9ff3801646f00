import type { Digest } from '../../domain/index.ts'
import type { ReleaseEntry, ReleaseHistory } from '../release-history.ts'

/** A release as the history of an environment has it. */
export interface ReleaseFact {
  /** The commit that pinned it, in full. */
  readonly commit: string
  /** `Name <mail>` of its author. */
  readonly author: string
  /** When it was committed: RFC 3339 in UTC. */
  readonly committed_at: string
  readonly subject: string
  readonly reason: string | null
  /** The image that it pinned. */
  readonly image: string | null
}

/** Where what a node runs stands among the releases of its environment. */
export type Standing =
  | {
      readonly kind: 'behind'
      /** How many releases came since. */
      readonly releases: number
      readonly release: ReleaseFact
      /** The release that it did not follow, since when it is behind. */
      readonly superseded_by: ReleaseFact
    }
  /** It runs what was released after the commit that was asked about. */
  | { readonly kind: 'ahead'; readonly releases: number; readonly release: ReleaseFact }
  /** It runs what other environments pin. */
  | { readonly kind: 'elsewhere'; readonly environments: readonly string[] }
  /** No release that is known has it; where the history is cut off, one may have had it. */
  | { readonly kind: 'unknown'; readonly history_complete: boolean }

export interface Releases {
  /** Of the environment, up to the commit that desired state was read from. */
  readonly history: ReleaseHistory
  /** Of the environment, up to the newest commit that is known. */
  readonly newest: ReleaseHistory
  /** What each environment pins. */
  readonly pins: ReadonlyMap<string, Digest>
  readonly environment: string
}

/** Finds the release that a node runs. Of an artifact that was released more than once, the latest time counts. */
export function findStanding(running: Digest, { history, newest, pins, environment }: Releases): Standing {
  const isRunning = ({ release }: ReleaseEntry) => release?.artifactDigest === running
  const index = history.entries.findIndex(isRunning)
  const [release, successor] = [history.entries[index], history.entries[index - 1]]
  if (release !== undefined && successor !== undefined) {
    return { kind: 'behind', releases: index, release: factOf(release), superseded_by: factOf(successor) }
  }
  const later = newest.entries.findIndex(isRunning)
  const asked = newest.entries.findIndex(({ commit }) => commit === history.entries[0]?.commit)
  const ahead = newest.entries[later]
  if (ahead !== undefined && (later < asked || history.entries.length === 0)) {
    const releases = asked === -1 ? newest.entries.length - later : asked - later
    return { kind: 'ahead', releases, release: factOf(ahead) }
  }
  const environments = [...pins].filter(([name, pin]) => name !== environment && pin === running)
  if (environments.length > 0) return { kind: 'elsewhere', environments: environments.map(([name]) => name) }
  return { kind: 'unknown', history_complete: history.isComplete }
}

function factOf({ commit, author, committer, subject, release }: ReleaseEntry): ReleaseFact {
  return {
    commit,
    author: `${author.name} <${author.email}>`,
    committed_at: new Date(committer.atMs).toISOString(),
    subject,
    reason: release?.reason ?? null,
    image: release?.image ?? null,
  }
}
