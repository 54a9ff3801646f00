import type { Host } from '../../../domain/index.ts'
import {
  environmentOf,
  pinOf,
  planPin,
  readDesiredState,
  readPinChanges,
  releaseProblems as problems,
  type DesiredState,
  type PlannedChange,
} from '../../../fleet/index.ts'
import type { FleetPlace } from './find-fleet-place.ts'
import { findArtifacts, type FindArtifact } from './pinned-artifacts.ts'
import { readNamedPin } from './read-named-pin.ts'

/** What the user wants planned. */
export interface PlanFlags {
  readonly target?: string | undefined
  readonly env?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly ref: string
  readonly base?: string | undefined
  readonly artifact?: readonly string[] | undefined
  readonly 'plain-http': boolean
}

export interface PlannedChanges {
  readonly state: DesiredState
  readonly base: { readonly ref: string; readonly commit: string } | null
  readonly changes: readonly PlannedChange[]
  readonly find: FindArtifact
}

/**
 * Reads the changes that are to be planned: those of a commit, or the one that a release or a promotion would make.
 *
 * @throws {ProblemError} BCN_PLAN_OPTIONS, BCN_FLEET_…, BCN_RELEASE_…
 */
export async function planChanges(place: FleetPlace, flags: PlanFlags, host: Host): Promise<PlannedChanges> {
  checkOptions(flags)
  const { target, env, from, to, ref, base } = flags
  const sources = { plainHttp: flags['plain-http'], host }
  const find = findArtifacts(flags.artifact ?? [], sources)
  if (target === undefined && from === undefined) {
    const read = await readPinChanges({ ...place, ref, base })
    return { ...read, base: { ref: read.base.ref, commit: read.base.commit }, find }
  }
  const state = await readDesiredState({ ...place, ref })
  const environment = environmentOf(state, env ?? to ?? '')
  const named =
    target === undefined
      ? { pin: pinOf(state, environmentOf(state, from ?? '').name), find }
      : await readNamedPin(target, { find, ...sources })
  const release = { ...named.pin, releasedBy: null, releasedAt: null, reason: null }
  const change = { ...planPin(state, environment, release), isReturn: false, rules: state }
  return { state, base: null, changes: [change], find: named.find }
}

function checkOptions({ target, env, from, to, base }: PlanFlags): void {
  const fail = (reason: string) => problems.BCN_PLAN_OPTIONS({ reason })
  const [isRelease, isPromotion] = [target ?? env, from ?? to].map((given) => given !== undefined)
  if (isRelease && isPromotion) throw fail('an artifact and a promotion are named')
  if ((target === undefined) !== (env === undefined)) throw fail('one of artifact and `--env` is missing')
  if ((from === undefined) !== (to === undefined)) throw fail('one of `--from` and `--to` is missing')
  if ((isRelease || isPromotion) && base !== undefined) throw fail('`--base` is for the changes of a commit')
}
