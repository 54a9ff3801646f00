import { Box, render, Text } from 'ink'
import { createElement as h, type ReactElement } from 'react'

import { oneLine } from '../plain-text.ts'
import {
  keepLog,
  layOut,
  remember,
  type DashboardNews,
  type DashboardRow,
  type DashboardView,
  type History,
} from './dashboard-view.ts'

export interface Dashboard {
  readonly show: (news: DashboardNews) => void
  readonly close: () => void
}

const COLOURS = {
  InSync: 'green',
  ConfigurationDrift: 'yellow',
  Unreachable: 'yellow',
  TamperedOnDisk: 'red',
  NotVerified: 'red',
} as const

const COLUMNS = [
  ['node', 24],
  ['environment', 16],
  ['words', 13],
  ['reason', 22],
  ['runs', 13],
  ['since', 11],
] as const

/** Draws into a terminal until it is closed. It reads no keys: Ctrl-C stays what it is. */
export function mountDashboard(stdout: NodeJS.WriteStream): Dashboard {
  let history: History = new Map()
  let log: readonly string[] = []
  const app = render(h(Picture, { view: undefined }), { stdout, exitOnCtrlC: false, patchConsole: false })
  return {
    close: () => app.unmount(),
    show: (news) => {
      if (news.page !== undefined) history = remember(history, news.page.nodes)
      log = keepLog(log, news.news)
      app.rerender(h(Picture, { view: layOut(news, { history, log, lines: stdout.rows }) }))
    },
  }
}

function Picture({ view }: { readonly view: DashboardView | undefined }): ReactElement {
  if (view === undefined) return h(Text, { dimColor: true }, 'Asking the fleet …')
  return h(
    Box,
    { flexDirection: 'column' },
    h(Text, { bold: true, color: view.isGood ? 'green' : 'red' }, oneLine(view.title)),
    h(Text, null, ' '),
    h(Row, { row: undefined, key: 'head' }),
    ...view.rows.map((row) => h(Row, { row, key: row.node })),
    h(Text, { dimColor: true }, view.rest === '' ? ' ' : view.rest),
    ...view.differences.map((line) => h(Text, { key: line, wrap: 'truncate' }, oneLine(line))),
    ...view.log.map((line, index) =>
      h(Text, { key: `log ${index}`, dimColor: true, wrap: 'truncate' }, line),
    ),
  )
}

function Row({ row }: { readonly row: DashboardRow | undefined }): ReactElement {
  const cells = COLUMNS.map(([name, width]) => {
    const text = row === undefined ? (name === 'words' ? 'verdict' : name) : row[name]
    const colour = row !== undefined && name === 'words' ? { color: COLOURS[row.verdict] } : {}
    return h(
      Box,
      { key: name, width, flexShrink: 0 },
      h(Text, { ...colour, bold: row === undefined, wrap: 'truncate' }, oneLine(text)),
    )
  })
  const history = h(
    Text,
    { key: 'history', wrap: 'truncate-start' },
    row === undefined ? 'history' : row.history,
  )
  return h(Box, null, ...cells, history)
}
