import type { Alert, FleetReport, WatchEvent } from '../../../fleet/index.ts'
import { formatDuration, oneLine, renderFleetLine, type Style } from '../../../terminal/index.ts'

const WORDS: Readonly<Record<Alert['kind'], string>> = {
  opened: 'ALERT',
  recovered: 'recovered',
  superseded: 'superseded',
  left: 'left',
}

/** An event as lines of a log for people; a poll that found what the last one found has none. */
export function watchLines(
  event: WatchEvent,
  last: FleetReport | undefined,
  { style, nowMs }: { readonly style: Style; readonly nowMs: number },
): readonly string[] {
  const time = new Date(nowMs).toISOString()
  switch (event.kind) {
    case 'poll-failed':
      return [`${time} ${style.red('poll failed')} ${event.problem.code}: ${oneLine(event.problem.message)}`]
    case 'delivery-failed':
      return [`${time} ${style.yellow('webhook')} ${oneLine(event.reason)}; ${event.left} alerts wait`]
    case 'polled': {
      const isNews = last === undefined || JSON.stringify(last.counts) !== JSON.stringify(event.report.counts)
      const summary = isNews ? [`${time} ${renderFleetLine(event.report, style)}`] : []
      return [...event.alerts.map((alert) => `${time} ${alertLine(alert, style)}`), ...summary]
    }
  }
}

function alertLine(
  { kind, node, environment, verdict, reason, message, at_ms: at, opened_ms: opened }: Alert,
  style: Style,
) {
  const word = kind === 'opened' ? style.red(WORDS[kind]) : style.green(WORDS[kind])
  const about = `${word} ${node} (${environment})`
  if (kind === 'opened') return `${about} ${verdict} ${reason}: ${oneLine(message)}`
  return `${about} after ${formatDuration(at - opened)}`
}

/** An event as lines of JSON. */
export function watchJson(event: WatchEvent, nowMs: number): readonly string[] {
  const at = new Date(nowMs).toISOString()
  if (event.kind !== 'polled') {
    const { kind, ...rest } = event
    return [JSON.stringify({ event: kind, at, ...rest })]
  }
  const { counts, commit, ref, duration_ms } = event.report
  return [
    JSON.stringify({ event: 'polled', at, ref, commit, duration_ms, counts }),
    ...event.alerts.map((alert) => JSON.stringify({ event: 'alert', at, alert })),
  ]
}
