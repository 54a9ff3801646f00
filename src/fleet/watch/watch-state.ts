import { decode } from '../../domain/index.ts'
import { verdicts, type Verdict } from '../verdict.ts'

/** What a watcher remembers; plain data, so that it survives a restart. Times are milliseconds since the Unix epoch. */
export interface WatchState {
  /** By name; as many as the fleet has. */
  readonly nodes: Readonly<Record<string, NodeWatch>>
  /** Alerts that were not delivered yet, the oldest first; bounded. */
  readonly pending: readonly Alert[]
}

export interface NodeWatch {
  readonly environment: string
  /** As it was found last. */
  readonly verdict: Verdict
  readonly reason: string
  /** Since when it has had this verdict. */
  readonly since_ms: number
  /** Polls in a row in which it was not in sync, and in which it was. */
  readonly bad_polls: number
  readonly good_polls: number
  /** Polls in a row that were graver than the episode. */
  readonly graver_polls: number
  /** Null while nothing is known to be wrong. */
  readonly episode: Episode | null
  /** When its latest episodes began; bounded. */
  readonly openings_ms: readonly number[]
}

/** A time in which something is wrong with a node; it has one alert when it begins and one when it ends. */
export interface Episode {
  readonly id: string
  readonly opened_ms: number
  /** What it was opened for. */
  readonly verdict: Verdict
  readonly reason: string
}

export interface Alert {
  /** Of the message: the same when it is sent again. */
  readonly id: string
  /** `left`: the node is no longer watched. `superseded`: something graver is wrong, for which another one opened. */
  readonly kind: 'opened' | 'recovered' | 'superseded' | 'left'
  readonly episode: string
  readonly at_ms: number
  /** When the episode began. */
  readonly opened_ms: number
  readonly node: string
  readonly environment: string
  readonly verdict: Verdict
  readonly reason: string
  /** For people, cut off where it is long. */
  readonly message: string
}

export const emptyState: WatchState = { nodes: {}, pending: [] }

const verdict = decode.oneOf(verdicts)
const word = decode.text

const alert: decode.Decoder<Alert> = decode.object({
  id: word,
  kind: decode.oneOf(['opened', 'recovered', 'superseded', 'left']),
  episode: word,
  at_ms: decode.count,
  opened_ms: decode.count,
  node: word,
  environment: word,
  verdict,
  reason: word,
  message: word,
})

const file = decode.object({
  version: decode.oneOf(['1']),
  nodes: decode.record(
    decode.object({
      environment: word,
      verdict,
      reason: word,
      since_ms: decode.count,
      bad_polls: decode.count,
      good_polls: decode.count,
      graver_polls: decode.count,
      episode: decode.nullable(decode.object({ id: word, opened_ms: decode.count, verdict, reason: word })),
      openings_ms: decode.list(decode.count),
    }),
  ),
  pending: decode.list(alert),
})

/**
 * Reads the text of a state file.
 *
 * @throws {DecodeError} with the place that does not fit; {SyntaxError} where it is no JSON.
 */
export function parseWatchState(text: string): WatchState {
  const { nodes, pending } = file(JSON.parse(text), '')
  return { nodes, pending }
}

/** The text of a state file. */
export function printWatchState({ nodes, pending }: WatchState): string {
  return `${JSON.stringify({ version: '1', nodes, pending })}\n`
}
