import type { Release } from '../../config/index.ts'
import type { ExitCode, Manifest, Problem, Provenance } from '../../domain/index.ts'
import type { DesiredState } from '../desired-state.ts'
import { releaseProblems as problems } from '../release-problems.ts'
import type { PinChange } from './pin-change.ts'

/** What an environment asks of a release, and how this one answers. */
export interface ReleaseCheck {
  /** Who signed it; what it was compiled from; where it was before; whether clients break. */
  readonly name: 'signature' | 'build' | 'promotion' | 'clients'
  /** `skipped`: not asked for; `waived`: refused, but somebody has answered for it. */
  readonly status: 'passed' | 'refused' | 'skipped' | 'waived'
  /** What was found. */
  readonly outcome: string
  readonly problem?: Problem
}

/** What was found out about an artifact by those who can read it. */
export interface ReleaseFacts {
  /** Who signed it, null where the environment asks for no signature; why none is accepted; or what stands for it. */
  readonly signature:
    | { readonly identity: string | null }
    | { readonly problem: Problem }
    | { readonly trusted: string }
  /** What its manifest says; undefined where it could not be read. */
  readonly provenance: Provenance | undefined
  /** What changes for clients; why it is not known; undefined where there are no clients yet. */
  readonly difference: ClientChanges | { readonly reason: string } | undefined
}

export interface ClientChanges {
  readonly counts: Readonly<Record<'breaking' | 'risky' | 'safe', number>>
}

export interface Judging {
  /** Of the state that the pin is changed in: what other environments pin counts. */
  readonly state: DesiredState
  /** Somebody answers for changes that break clients. */
  readonly allowsBreaking: boolean
  /** What was pinned here before comes back: where it came from, and whom it breaks, was decided then. */
  readonly isReturn: boolean
}

/** Holds a release to what its environment asks for; all checks are made, also after one that refuses. */
export function judgeRelease(
  change: PinChange,
  facts: ReleaseFacts,
  judging: Judging,
): readonly ReleaseCheck[] {
  return [
    judgeSignature(facts),
    ...(facts.provenance === undefined ? [] : [judgeBuild(change, facts.provenance)]),
    judgePromotion(change, judging),
    judgeClients(change, facts, judging),
  ]
}

/**
 * Refuses a release that says something else of its artifact than the artifact does: whoever reads the file would be
 * told of another build.
 *
 * @throws {ProblemError} BCN_RELEASE_OTHER_BUILD
 */
export function refuseOtherBuild(
  release: Release,
  manifest: Pick<Manifest, 'artifact_hash' | 'provenance'>,
): void {
  const { artifact_hash: hash, provenance } = manifest
  const pairs = [
    ['artifact_hash', release.artifactHash, hash],
    ['commit', release.commit ?? provenance.commit, provenance.commit],
  ] as const
  for (const [member, expected, found] of pairs) {
    if (expected === found) continue
    throw problems.BCN_RELEASE_OTHER_BUILD({ member, expected: `${expected}`, found: found ?? 'none' })
  }
}

/** The problem of the check that refuses and is the gravest by the exit codes 4, 6, 3; undefined where none does. */
export function refusalOf(checks: readonly ReleaseCheck[]): Problem | undefined {
  const refused = checks.flatMap(({ status, problem }) =>
    status === 'refused' && problem !== undefined ? [problem] : [],
  )
  const order: readonly ExitCode[] = [4, 6, 3]
  return order.flatMap((exit) => refused.filter((problem) => problem.exit === exit))[0] ?? refused[0]
}

function judgeSignature({ signature }: ReleaseFacts): ReleaseCheck {
  if ('problem' in signature) return refused('signature', signature.problem)
  if ('trusted' in signature) return { name: 'signature', status: 'waived', outcome: signature.trusted }
  const { identity } = signature
  return identity === null
    ? { name: 'signature', status: 'skipped', outcome: 'this environment asks for none' }
    : { name: 'signature', status: 'passed', outcome: identity }
}

function judgeBuild({ environment }: PinChange, { commit, dirty }: Provenance): ReleaseCheck {
  if (commit !== null && dirty !== true)
    return { name: 'build', status: 'passed', outcome: `compiled from the commit ${commit}` }
  const reason =
    commit === null ? 'it was compiled outside of git' : 'it was compiled with changes that are in no commit'
  if (environment.allowsUnsigned) return { name: 'build', status: 'skipped', outcome: reason }
  return refused('build', problems.BCN_RELEASE_DIRTY_BUILD({ reason }).problem)
}

function judgePromotion({ environment, after }: PinChange, { state, isReturn }: Judging): ReleaseCheck {
  const { name, promoteFrom } = environment
  if (promoteFrom === undefined) return skipped('promotion', 'this environment takes any artifact')
  if (isReturn) return skipped('promotion', 'it was released here before')
  const from = promoteFrom.find(
    (other) => state.releases.get(other)?.release.artifactDigest === after?.artifactDigest,
  )
  if (from !== undefined) return { name: 'promotion', status: 'passed', outcome: `pinned by ${from}` }
  return refused(
    'promotion',
    problems.BCN_RELEASE_NOT_PROMOTED({ environment: name, from: promoteFrom }).problem,
  )
}

function judgeClients(
  { environment }: PinChange,
  { difference }: ReleaseFacts,
  { allowsBreaking, isReturn }: Judging,
): ReleaseCheck {
  if (difference === undefined) return skipped('clients', 'nothing was released here before')
  const outcome = 'counts' in difference ? describeCounts(difference) : difference.reason
  const isBroken = !('counts' in difference) || difference.counts.breaking > 0
  if (!isBroken) return { name: 'clients', status: 'passed', outcome }
  if (environment.breaking === 'allow') return skipped('clients', outcome)
  if (allowsBreaking || isReturn) return { name: 'clients', status: 'waived', outcome }
  const { name } = environment
  const problem =
    'counts' in difference
      ? problems.BCN_RELEASE_BREAKING({ environment: name, count: difference.counts.breaking })
      : problems.BCN_RELEASE_NOT_COMPARED({ environment: name, reason: difference.reason })
  return { ...refused('clients', problem.problem), outcome }
}

function describeCounts({ counts: { breaking, risky, safe } }: ClientChanges): string {
  return `${breaking} breaking, ${risky} risky, ${safe} safe`
}

function skipped(name: ReleaseCheck['name'], outcome: string): ReleaseCheck {
  return { name, status: 'skipped', outcome }
}

function refused(name: ReleaseCheck['name'], problem: Problem): ReleaseCheck {
  return { name, status: 'refused', outcome: problem.message, problem }
}
