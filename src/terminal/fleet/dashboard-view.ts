import { formatDuration } from '../quantities.ts'
import {
  describeInput,
  describeStanding,
  formatVerdicts,
  short,
  verdictWords,
  type FleetPage,
  type NodeLine,
} from './page.ts'

/** What a watcher knows after an event. */
export interface DashboardNews {
  /** As of the last poll that came to a report. */
  readonly page: FleetPage | undefined
  /** Lines of the log. */
  readonly news: readonly string[]
  /** When the open episode of a node began, in milliseconds since the Unix epoch. */
  readonly episodes: ReadonlyMap<string, number>
  readonly nowMs: number
}

/** What the dashboard shows, as data. */
export interface DashboardView {
  readonly title: string
  readonly isGood: boolean
  readonly rows: readonly DashboardRow[]
  /** What is not shown. */
  readonly rest: string
  readonly differences: readonly string[]
  /** The latest lines of the log, the newest last. */
  readonly log: readonly string[]
}

export interface DashboardRow {
  readonly node: string
  readonly environment: string
  readonly verdict: NodeLine['verdict']
  readonly words: string
  readonly reason: string
  readonly runs: string
  readonly since: string
  /** The verdicts of the last polls, a letter each, the newest last. */
  readonly history: string
}

export type History = ReadonlyMap<string, string>

const LETTERS: Readonly<Record<NodeLine['verdict'], string>> = {
  InSync: '·',
  ConfigurationDrift: 'D',
  TamperedOnDisk: 'T',
  NotVerified: 'N',
  Unreachable: 'U',
}
const HISTORY_LENGTH = 30
const LOG_LENGTH = 8
const MAX_DIFFERENCES = 6
/** Title, headers, gaps and the log. */
const OTHER_LINES = 14

/** Adds a poll to what is remembered of each node; nodes that are gone are forgotten. */
export function remember(history: History, nodes: readonly NodeLine[]): History {
  return new Map(
    nodes.map(({ node, verdict }) => {
      return [node, `${history.get(node) ?? ''}${LETTERS[verdict]}`.slice(-HISTORY_LENGTH)] as const
    }),
  )
}

/** The lines of the log that are kept. */
export function keepLog(log: readonly string[], news: readonly string[]): readonly string[] {
  return [...log, ...news].slice(-LOG_LENGTH)
}

/** Lays out what is known for a terminal of so many lines: what is wrong first, and as much of the rest as fits. */
export function layOut(
  { page, episodes, nowMs }: DashboardNews,
  {
    history,
    log,
    lines,
  }: { readonly history: History; readonly log: readonly string[]; readonly lines: number },
): DashboardView {
  if (page === undefined)
    return { title: 'No report yet', isGood: false, rows: [], rest: '', differences: [], log }
  const isWrong = ({ verdict }: NodeLine) => verdict !== 'InSync'
  const ordered = [...page.nodes.filter(isWrong), ...page.nodes.filter((node) => !isWrong(node))]
  const differences = page.drifts
    .flatMap(({ environment, nodes, standing, inputs }) => {
      const changed = (inputs ?? []).slice(0, 3).map(describeInput)
      const about = [describeStanding(standing)[0] ?? '', ...changed].join('; ')
      return [`${environment}, ${nodes.length === 1 ? nodes[0] : `${nodes.length} nodes`}: ${about}`]
    })
    .slice(0, MAX_DIFFERENCES)
  const room = Math.max(3, lines - OTHER_LINES - differences.length)
  const rows = ordered.slice(0, room).map((line): DashboardRow => {
    const openedMs = episodes.get(line.node)
    return {
      node: line.node,
      environment: line.environment,
      verdict: line.verdict,
      words: verdictWords(line.verdict),
      reason: line.verdict === 'InSync' ? (line.attested ? '' : 'not attested') : line.reason,
      runs: short(line.claims?.artifact_digest),
      since: openedMs === undefined ? '' : formatDuration(Math.max(0, nowMs - openedMs)),
      history: history.get(line.node) ?? '',
    }
  })
  const hidden = ordered.length - rows.length
  return {
    title: `${formatVerdicts(page.counts)} · ${page.ref} ${short(page.commit)} · asked in ${formatDuration(page.duration_ms)}`,
    isGood: page.verified,
    rows,
    rest: hidden === 0 ? '' : `and ${hidden} more`,
    differences,
    log,
  }
}
