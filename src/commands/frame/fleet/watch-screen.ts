import type { FleetReport } from '../../../fleet/index.ts'
import { openDashboard, type Style } from '../../../terminal/index.ts'
import { watchJson, watchLines } from './render-watch-event.ts'
import type { WatchScreen } from './run-watch.ts'

interface ScreenMeans {
  readonly style: Style
  readonly nowMs: () => number
  readonly write: (line: string) => void
  readonly note: (text: string) => void
}

/** Lines of a log, for people or as JSON. */
export function createLineScreen(
  format: 'text' | 'json',
  { style, nowMs, write, note }: ScreenMeans,
): WatchScreen {
  let last: FleetReport | undefined
  return {
    note,
    close: () => undefined,
    show: (event) => {
      const context = { style, nowMs: nowMs() }
      const lines = format === 'json' ? watchJson(event, context.nowMs) : watchLines(event, last, context)
      if (event.kind === 'polled') last = event.report
      for (const line of lines) write(line)
    },
  }
}

/** A picture of the fleet that changes with every poll, for a terminal. */
export async function createDashboardScreen(
  stdout: NodeJS.WriteStream,
  { style, nowMs, note }: ScreenMeans,
): Promise<WatchScreen> {
  const dashboard = await openDashboard(stdout)
  let last: FleetReport | undefined
  return {
    note,
    close: dashboard.close,
    show: (event, found, { nodes }) => {
      const context = { style, nowMs: nowMs() }
      const news = watchLines(event, last, context)
      if (event.kind === 'polled') last = event.report
      const episodes = new Map(
        Object.entries(nodes).flatMap(([node, { episode }]) => (episode ? [[node, episode.opened_ms]] : [])),
      )
      dashboard.show({ page: found, news, episodes, nowMs: context.nowMs })
    },
  }
}
