import { mergeBase } from '../../git/index.ts'
import { readDesiredState, type DesiredState } from '../desired-state.ts'
import { isProblemError } from '../../domain/index.ts'
import { readReleaseHistory } from '../release-history.ts'
import { releaseProblems as problems } from '../release-problems.ts'
import { resolveRef, type ResolvedRef } from '../resolve-ref.ts'
import { comparePins, type PinChange } from './pin-change.ts'

/** What a commit changes about the pins since it left another. */
export interface PinChanges {
  readonly state: DesiredState
  /** As named; the commit is the one where the two part, so that what the base has got since is no change. */
  readonly base: ResolvedRef
  readonly changes: readonly PlannedChange[]
}

export interface PlannedChange extends PinChange {
  /** What it pins was pinned in this environment before. */
  readonly isReturn: boolean
  /** Where the rules of the environment and its policy are read from. */
  readonly rules: DesiredState
}

/** More releases than anybody goes back. */
const HISTORY_LIMIT = 1000

/**
 * Reads which pins a commit changes, as the pull request that it is the head of would. Each is judged by the rules that
 * its environment has at the base, where it is there: a change cannot bring the rules that let it pass.
 *
 * @param options ref: HEAD unless given; base: what the branch follows, else HEAD, unless given
 * @throws {ProblemError} BCN_FLEET_NO_COMMIT, BCN_PLAN_NO_COMMON_COMMIT, and what {@link readDesiredState} throws
 */
export async function readPinChanges({
  folder,
  file,
  ref = 'HEAD',
  base: named,
}: {
  readonly folder: string
  readonly file: string
  readonly ref?: string | undefined
  readonly base?: string | undefined
}): Promise<PinChanges> {
  const state = await readDesiredState({ folder, file, ref })
  const base = await resolveRef(folder, named)
  const commit = await mergeBase(folder, base.commit, state.commit)
  if (commit === undefined) throw problems.BCN_PLAN_NO_COMMON_COMMIT({ base: base.ref, ref })
  const before = await readStateBefore(folder, file, commit, state)
  const changes = comparePins(before, state).map(async (change) => {
    const isReturn = await wasPinned(folder, commit, change)
    const known = before.fleet.environments.get(change.environment.name)
    const rules = known === undefined ? state : before
    return { ...change, environment: known ?? change.environment, isReturn, rules }
  })
  return { state, base: { ...base, commit }, changes: await Promise.all(changes) }
}

/** Before there was a fleet, nothing was pinned. */
async function readStateBefore(
  folder: string,
  file: string,
  commit: string,
  after: DesiredState,
): Promise<DesiredState> {
  try {
    return await readDesiredState({ folder, file, ref: commit })
  } catch (error) {
    if (!isProblemError(error) || error.problem.code !== 'BCN_FLEET_NOT_COMMITTED') throw error
    return { ...after, commit, ref: commit, releases: new Map() }
  }
}

async function wasPinned(
  folder: string,
  commit: string,
  { environment, after }: PinChange,
): Promise<boolean> {
  if (after === undefined) return false
  const history = { commit, environment: environment.name, limit: HISTORY_LIMIT }
  const { entries } = await readReleaseHistory(folder, history)
  return entries.some(({ release }) => release?.artifactDigest === after.artifactDigest)
}
