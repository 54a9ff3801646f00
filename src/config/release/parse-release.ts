import { isObject, nounOf } from '../../domain/index.ts'
import { versionFaults } from '../faults.ts'
import { digest, lineOf, matching, time } from '../kinds.ts'
import type { Fault } from '../manifest-document.ts'
import { openMembers, type Kind } from '../members.ts'
import { configProblems as problems } from '../problems.ts'
import { readOrRefuse } from '../read-or-refuse.ts'
import type { Release } from './release.ts'

const KEYS = [
  'version',
  'artifact_hash',
  'artifact_digest',
  'image',
  'commit',
  'identity',
  'released_by',
  'released_at',
  'reason',
]
const HINT = '`barbacane release`, `promote` and `rollback` write this file.'

const imageReference = matching(
  /^[^\s@/]+\/[^\s@]+@sha256:[0-9a-f]{64}$/,
  'an image pinned by digest',
  'Write HOST/REPOSITORY@sha256:DIGEST, as `barbacane push` prints it; a tag can be moved.',
)
const commit = matching(/^[0-9a-f]{40}$|^[0-9a-f]{64}$/, 'the full id of a commit', HINT)
const line = lineOf(HINT)

/**
 * Reads the text of a `release.yaml`.
 *
 * @param file as places in it are to be called
 * @throws {ProblemError} BCN_RELEASE_INVALID with every fault of the file as a finding.
 */
export function parseRelease(file: string, source: string | Uint8Array): Release {
  const reading = { read: readRelease, refuse: problems.BCN_RELEASE_INVALID }
  const { artifactHash, artifactDigest, ...rest } = readOrRefuse(file, source, reading).content
  if (artifactHash === undefined || artifactDigest === undefined)
    throw new TypeError('A pin without a digest')
  const { faults: _, ...members } = rest
  return { artifactHash, artifactDigest, ...members }
}

function readRelease(value: unknown) {
  const faults: Fault[] = []
  if (!isObject(value)) {
    const message = value === null ? 'The file is empty' : `The file holds ${nounOf(value)}, not an object`
    faults.push({ at: [], message, hint: HINT })
  }
  const members = openMembers(isObject(value) ? value : {}, [], { known: KEYS, faults })
  if (isObject(value)) faults.push(...versionFaults(value['version']))
  const orNull = <T>(key: string, kind: Kind<T>) => members.optional<T | null>(key, nullable(kind)) ?? null
  const required = <T>(key: string, kind: Kind<T>) =>
    isObject(value) ? members.required(key, kind) : undefined
  return {
    artifactHash: required('artifact_hash', digest),
    artifactDigest: required('artifact_digest', digest),
    image: orNull('image', imageReference),
    commit: orNull('commit', commit),
    identity: orNull('identity', line),
    releasedBy: orNull('released_by', line),
    releasedAt: orNull('released_at', time),
    reason: orNull('reason', line),
    faults,
  }
}

function nullable<T>(kind: Kind<T>): Kind<T | null> {
  return { ...kind, accept: (value) => (value === null ? null : kind.accept(value)) }
}
