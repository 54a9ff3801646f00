import { compileProblems as problems } from './problems.ts'

export interface BuildTimeFacts {
  /** The environment variable SOURCE_DATE_EPOCH, if it is set. */
  readonly sourceDateEpoch: string | undefined
  /** The commit that is checked out, if any. */
  readonly commit: { readonly dirty: boolean; readonly committedAtMs: number } | undefined
  readonly nowMs: number
}

// The time field of a ustar header has 11 octal digits, and a year four digits in RFC 3339.
const MAX_SECONDS = 8 ** 11 - 1

/**
 * The `build_timestamp` of an artifact (DESIGN §5.4) in RFC 3339, UTC, whole seconds: SOURCE_DATE_EPOCH
 * (reproducible-builds.org/specs/source-date-epoch), else the committer's time of a clean tree, else now.
 *
 * @throws {ProblemError} BCN_COMPILE_SOURCE_DATE_EPOCH when the variable is no number of seconds.
 */
export function buildTimestamp({ sourceDateEpoch, commit, nowMs }: BuildTimeFacts): string {
  if (sourceDateEpoch !== undefined && sourceDateEpoch !== '') return format(parseEpoch(sourceDateEpoch))
  const atMs = commit !== undefined && !commit.dirty ? commit.committedAtMs : nowMs
  return format(Math.floor(atMs / 1000))
}

function parseEpoch(value: string): number {
  const seconds = Number(value)
  if (!/^\d{1,11}$/.test(value) || seconds > MAX_SECONDS)
    throw problems.BCN_COMPILE_SOURCE_DATE_EPOCH({ value })
  return seconds
}

function format(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
}
