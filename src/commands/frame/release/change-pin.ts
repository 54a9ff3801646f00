import type { Environment, Release } from '../../../config/index.ts'
import { ProblemError, type ExitCode, type Host } from '../../../domain/index.ts'
import {
  commitRelease,
  isSamePin,
  openBranch,
  planPin,
  refusalOf,
  type OpenBranch,
  type ReleaseAction,
} from '../../../fleet/index.ts'
import { pushBranch, readCommitter } from '../../../git/index.ts'
import { examinePin, type ExaminedPin } from './examine-pin.ts'
import type { FleetPlace } from './find-fleet-place.ts'
import type { FindArtifact } from './pinned-artifacts.ts'
import { pinReport, printedTime, type PinReport } from './pin-report.ts'
import type { CommitFlagValues } from './release-flags.ts'

/** The `result` of the commands that change a pin. */
export interface ReleaseResult extends PinReport {
  readonly dry_run: boolean
  /** The environment that it is promoted from. */
  readonly from: string | null
  /** The commit whose release comes back. */
  readonly returns_to: string | null
  /** The full id of the commit that was made; null where nothing was. */
  readonly commit: string | null
  /** The branch that it was made on, or would be. */
  readonly branch: string
  /** Where it was pushed to, e.g. `origin/main`. */
  readonly pushed_to: string | null
}

/** The branch that is checked out, and where its fleet is. */
export interface OpenFleet extends FleetPlace, OpenBranch {}

/** @throws {ProblemError} what {@link openBranch} throws */
export async function openFleet(place: FleetPlace): Promise<OpenFleet> {
  return { ...place, ...(await openBranch(place.folder, place.file)) }
}

/** What is to be pinned, for which reason is said by the flags, by whom and when by git and the clock. */
export interface PinRequest {
  readonly environment: Environment
  readonly pin: Omit<Release, 'releasedBy' | 'releasedAt' | 'reason'>
  readonly action: ReleaseAction
  readonly find: FindArtifact
  readonly flags: CommitFlagValues
  readonly allowsBreaking: boolean
  /** Takes the artifact as verified when it was released. */
  readonly trustsHistory: boolean
}

export interface ChangedPin {
  readonly result: ReleaseResult
  /** Of what refuses it; only where nothing was to be done anyway. */
  readonly exit: ExitCode
}

/**
 * Examines a pin and commits it. With `--dry-run` what refuses it is reported; without, it is thrown.
 *
 * @throws {ProblemError} BCN_RELEASE_…, BCN_VERIFY_…, BCN_GIT_…
 */
export async function changePin(fleet: OpenFleet, request: PinRequest, host: Host): Promise<ChangedPin> {
  const { environment, pin, action, flags } = request
  const planned: Release = {
    ...pin,
    releasedBy: await readCommitter(fleet.folder),
    releasedAt: printedTime(host.nowMs()),
    reason: flags.reason ?? null,
  }
  const change = planPin(fleet.state, environment, planned)
  const examined = await examinePin(change, {
    ...request,
    source: fleet,
    state: fleet.state,
    host,
    isReturn: action.kind === 'rollback',
  })
  const refusal = refusalOf(examined.checks)
  if (refusal !== undefined && !flags['dry-run']) throw new ProblemError(refusal)
  const isDone = flags['dry-run'] || isSamePin(change.before, change.after)
  const commit = isDone ? null : await commitPin(fleet, request, { ...planned, identity: examined.identity })
  const pushedTo = commit !== null && flags.push ? await pushBranch(fleet.folder, fleet.branch) : null
  return { exit: refusal?.exit ?? 0, result: resultOf(fleet, request, { examined, commit, pushedTo }) }
}

function commitPin({ folder }: OpenFleet, request: PinRequest, release: Release): Promise<string> {
  const { environment, action, flags } = request
  return commitRelease(folder, { environment: environment.name, release, action, sign: flags.sign })
}

function resultOf(
  { branch }: OpenFleet,
  { action, flags }: PinRequest,
  done: {
    readonly examined: ExaminedPin
    readonly commit: string | null
    readonly pushedTo: string | null
  },
): ReleaseResult {
  return {
    ...pinReport(done.examined),
    dry_run: flags['dry-run'],
    from: action.kind === 'promote' ? action.from : null,
    returns_to: action.kind === 'rollback' ? action.to : null,
    commit: done.commit,
    branch: branch.name ?? '',
    pushed_to: done.pushedTo,
  }
}
