import type { FleetReport } from '../fleet-report.ts'
import { verdicts } from '../verdict.ts'
import type { WatchState } from './watch-state.ts'

/** What a watcher has counted since it was started. */
export interface WatchCounts {
  readonly polls: number
  readonly failedPolls: number
  readonly alerts: number
  readonly failedDeliveries: number
  /** When the last poll that came to a report ended; null before the first. */
  readonly lastSuccessMs: number | null
}

/** The metrics of a watcher in the Prometheus text format 0.0.4. */
export function renderWatchMetrics(
  report: FleetReport | undefined,
  state: WatchState,
  counts: WatchCounts,
  nowMs: number,
): string {
  const nodes = (report?.nodes ?? []).map((node) => ({
    ...node,
    labels: `node="${escape(node.node)}",environment="${escape(node.environment)}"`,
    openedMs: state.nodes[node.node]?.episode?.opened_ms,
  }))
  const families = [
    family(
      'node_state',
      'gauge',
      'What was found of a node: 1 for its verdict, 0 for the others.',
      nodes.flatMap(({ labels, verdict }) =>
        verdicts.map((one) => `{${labels},verdict="${one}"} ${one === verdict ? 1 : 0}`),
      ),
    ),
    family(
      'drift_seconds',
      'gauge',
      'How long the open episode of a node has lasted; 0 without one.',
      nodes.map(
        ({ labels, openedMs }) => `{${labels}} ${openedMs === undefined ? 0 : (nowMs - openedMs) / 1000}`,
      ),
    ),
    family(
      'probe_seconds',
      'gauge',
      'How long it took to ask a node, attempts and waits included.',
      nodes.flatMap(({ labels, probe }) =>
        probe === null ? [] : [`{${labels}} ${probe.duration_ms / 1000}`],
      ),
    ),
    family(
      'last_success_timestamp_seconds',
      'gauge',
      'When the last poll that came to a report ended.',
      counts.lastSuccessMs === null ? [] : [` ${counts.lastSuccessMs / 1000}`],
    ),
    family('polls_total', 'counter', 'Polls that came to a report, and that did not.', [
      `{outcome="report"} ${counts.polls}`,
      `{outcome="failure"} ${counts.failedPolls}`,
    ]),
    family('alerts_total', 'counter', 'Alerts, of beginnings and ends of episodes.', [` ${counts.alerts}`]),
    family('undelivered_alerts', 'gauge', 'Alerts that the webhook has not taken yet.', [
      ` ${state.pending.length}`,
    ]),
    family('delivery_failures_total', 'counter', 'Rounds of deliveries that the webhook did not take.', [
      ` ${counts.failedDeliveries}`,
    ]),
  ]
  return `${families.flat().join('\n')}\n`
}

function family(
  name: string,
  type: 'gauge' | 'counter',
  help: string,
  samples: readonly string[],
): readonly string[] {
  const full = `barbacane_fleet_${name}`
  return [`# HELP ${full} ${help}`, `# TYPE ${full} ${type}`, ...samples.map((sample) => full + sample)]
}

function escape(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`)
}
