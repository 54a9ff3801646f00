import {
  parseFleet,
  parseRelease,
  releasePathOf,
  type Environment,
  type Fleet,
  type Release,
} from '../config/index.ts'
import { closestName } from '../domain/index.ts'
import { readFilesAt } from '../git/index.ts'
import { fleetProblems as problems } from './problems.ts'
import { releaseProblems } from './release-problems.ts'
import { resolveRef, type ResolvedRef } from './resolve-ref.ts'

/** What has to run where, as one commit says. */
export interface DesiredState extends ResolvedRef {
  readonly fleet: Fleet
  /** By environment; one that nothing was released to yet is missing. */
  readonly releases: ReadonlyMap<string, Pin>
}

/** A release file as a commit has it. */
export interface Pin {
  readonly release: Release
  /** The id of the blob: the same bytes have the same. */
  readonly blob: string
  readonly bytes: Buffer
}

export interface DesiredStateRequest {
  /** Absolute path of the folder of fleet.yaml; it has to exist, the file in the work tree does not. */
  readonly folder: string
  /** A branch, a tag, an id, `origin/main`, `HEAD~2`; see {@link resolveRef} for what is read unless given. */
  readonly ref?: string | undefined
  /** The name of the fleet file in the folder; `fleet.yaml` unless given. */
  readonly file?: string | undefined
}

const RELEASE = /^environments\/([^/]+)\/release\.yaml$/

/**
 * Reads desired state (DESIGN §5.7) from a commit: the fleet and what every environment pins. Nothing is read from the
 * work tree, so that an edit is never mistaken for intent. A release file of an environment that the fleet does not
 * list is left alone.
 *
 * @throws {ProblemError} BCN_FLEET_NO_COMMIT, BCN_FLEET_NOT_COMMITTED, BCN_FLEET_INVALID, BCN_RELEASE_INVALID (places
 *   are called REF:PATH), BCN_GIT_FAILED
 */
export async function readDesiredState(request: DesiredStateRequest): Promise<DesiredState> {
  const { folder, file = 'fleet.yaml' } = request
  const resolved = await resolveRef(folder, request.ref)
  const { ref, commit } = resolved
  const accepts = (path: string) => path === file || RELEASE.test(path)
  const files = await readFilesAt(folder, commit, [file, 'environments/'], { accepts })
  const source = files.get(file)
  if (source === undefined) throw problems.BCN_FLEET_NOT_COMMITTED({ path: file, ref })
  const fleet = parseFleet(`${ref}:${file}`, source.bytes)
  const releases = new Map<string, Pin>()
  for (const environment of fleet.environments.keys()) {
    const pinned = files.get(releasePathOf(environment))
    if (pinned === undefined) continue
    const { bytes, id, path } = pinned
    releases.set(environment, { release: parseRelease(`${ref}:${path}`, bytes), blob: id, bytes })
  }
  return { ...resolved, fleet, releases }
}

/**
 * The environment of this name.
 *
 * @throws {ProblemError} BCN_FLEET_NO_ENVIRONMENT with the name that may be meant
 */
export function environmentOf({ fleet, ref }: DesiredState, name: string): Environment {
  const found = fleet.environments.get(name)
  if (found !== undefined) return found
  const known = [...fleet.environments.keys()]
  const suggestion = closestName(name, known)
  throw problems.BCN_FLEET_NO_ENVIRONMENT({ name, path: `${ref}:fleet.yaml`, suggestion, known })
}

/**
 * What an environment pins.
 *
 * @throws {ProblemError} BCN_RELEASE_NOTHING_PINNED
 */
export function pinOf({ releases, ref }: DesiredState, environment: string): Release {
  const pin = releases.get(environment)
  if (pin === undefined) throw releaseProblems.BCN_RELEASE_NOTHING_PINNED({ environment, ref })
  return pin.release
}
