import { Flags } from '@oclif/core'

import { printedRelease, type PrintedRelease } from '../config/index.ts'
import { actionOf, environmentOf, readDesiredState, readReleaseHistory } from '../fleet/index.ts'
import { readCommitSignatures, type CommitSignature } from '../git/index.ts'
import { renderHistory } from '../terminal/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'
import { findFleetPlace } from './frame/release/find-fleet-place.ts'
import { printedTime } from './frame/release/pin-report.ts'
import { environmentFlag, fleetFlag, refFlag } from './frame/release/release-flags.ts'

interface HistoryResult {
  readonly environment: string
  /** As it was named, or what stands for it. */
  readonly ref: string
  /** The full id of the commit whose history it is. */
  readonly commit: string
  /** False where the limit or a shallow clone hides older ones. */
  readonly complete: boolean
  /** The newest first: the first is what is pinned. */
  readonly entries: readonly {
    readonly commit: string
    /** `Name <mail>`, as the commit says. */
    readonly author: string
    /** RFC 3339 in UTC. */
    readonly committed_at: string
    readonly subject: string
    /** `release`, `promote` or `rollback`; null where the commit was made by hand. */
    readonly action: string | null
    /** Null where the file was taken away, or holds what is no release. */
    readonly release: PrintedRelease | null
    /** Why what the file holds is no release. */
    readonly fault?: string
    /** With --signatures. */
    readonly signature?: CommitSignature
  }[]
}

export default class History extends BaseCommand<HistoryResult> {
  static override summary = 'List what was released to an environment, by whom and why.'
  static override description =
    'Reads the history of the release file from git, along the first parents of the branch, the newest first. A node ' +
    'that runs the artifact of row N is N releases behind.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --env production',
    '<%= config.bin %> <%= command.id %> --env production --ref origin/main --signatures --json',
  ]
  static override flags = {
    ...environmentFlag,
    ...refFlag,
    limit: Flags.integer({ default: 20, min: 1, max: 10_000, summary: 'List at most so many.' }),
    signatures: Flags.boolean({ summary: 'Have git verify the signature of every commit that is listed.' }),
    ...fleetFlag,
  }

  protected async execute(): Promise<Outcome<HistoryResult>> {
    const { flags } = await this.parse(History)
    const place = await findFleetPlace(flags.fleet, this.host)
    const state = await readDesiredState({ ...place, ref: flags.ref })
    const { name: environment } = environmentOf(state, flags.env)
    const { ref, commit } = state
    const found = await readReleaseHistory(place.folder, { commit, environment, limit: flags.limit })
    const signatures = flags.signatures
      ? await readCommitSignatures(
          place.folder,
          found.entries.map((entry) => entry.commit),
        )
      : new Map<string, CommitSignature>()
    const entries = found.entries.map(({ release, problem, ...change }) => {
      const signature = signatures.get(change.commit)
      return {
        commit: change.commit,
        author: `${change.author.name} <${change.author.email}>`,
        committed_at: printedTime(change.committer.atMs),
        subject: change.subject,
        action: actionOf(change.trailers) ?? null,
        release: release && printedRelease(release),
        ...(problem && { fault: problem.message }),
        ...(signature && { signature }),
      }
    })
    const result = { environment, ref, commit, complete: found.isComplete, entries }
    return { result, text: (style) => renderHistory(result, style) }
  }
}
