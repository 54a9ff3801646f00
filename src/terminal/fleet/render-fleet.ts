import { formatCounts } from '../diff/page.ts'
import { counted, oneLine } from '../plain-text.ts'
import { formatDuration } from '../quantities.ts'
import { renderTable } from '../render-table.ts'
import type { Style } from '../style.ts'
import {
  describeInput,
  describeRelease,
  describeStanding,
  formatVerdicts,
  short,
  verdictWords,
  type DriftSection,
  type FleetPage,
  type NodeLine,
} from './page.ts'

/** Where there are more, nodes in sync are only counted. */
const MAX_LISTED = 50
const MAX_ITEMS = 10

/** What was found of a fleet, for people: the nodes, what is wrong with each, how drifted ones differ, the counts. */
export function renderFleet(page: FleetPage, style: Style): string {
  const wrong = page.nodes.filter(({ verdict }) => verdict !== 'InSync')
  const listed = page.nodes.length <= MAX_LISTED ? page.nodes : wrong.slice(0, MAX_LISTED)
  const left = wrong.length - MAX_LISTED
  return [
    ...(listed.length === 0 ? [] : [table(listed, style), '']),
    ...(left > 0 && page.nodes.length > MAX_LISTED
      ? [`and ${counted(left, 'other')}; --json lists all of them.`, '']
      : []),
    ...wrong.slice(0, MAX_LISTED).map((node) => renderNode(node, style)),
    ...(wrong.length === 0 ? [] : ['']),
    ...page.drifts.flatMap((drift) => [renderDrift(drift, style), '']),
    ...renderReleases(page, style),
    renderFleetLine(page, style),
  ].join('\n')
}

/** A verdict in its colour. */
function paintVerdict(verdict: NodeLine['verdict'], style: Style, text = verdictWords(verdict)): string {
  if (verdict === 'InSync') return style.green(text)
  return verdict === 'ConfigurationDrift' || verdict === 'Unreachable' ? style.yellow(text) : style.red(text)
}

function table(nodes: readonly NodeLine[], style: Style): string {
  const headers = ['node', 'environment', 'verdict', 'reason', 'runs', 'desired'].map((header) => ({
    header,
  }))
  const rows = nodes.map(({ node, environment, verdict, reason, attested, claims, desired }) => [
    node,
    environment,
    paintVerdict(verdict, style),
    verdict === 'InSync' && !attested ? style.yellow('not attested') : verdict === 'InSync' ? '' : reason,
    short(claims?.artifact_digest),
    short(desired?.artifact_digest),
  ])
  return renderTable(headers, rows, style)
}

function renderNode({ node, verdict, message }: NodeLine, style: Style): string {
  return `${paintVerdict(verdict, style, node)}: ${oneLine(message)}`
}

function renderDrift(
  { environment, nodes, running, standing, inputs, api, notes }: DriftSection,
  style: Style,
): string {
  const names =
    nodes.length > MAX_ITEMS ? [...nodes.slice(0, MAX_ITEMS), `${nodes.length - MAX_ITEMS} more`] : nodes
  const built =
    running.commit === null
      ? ''
      : ` of commit ${short(running.commit)}${running.dirty ? ', with changes' : ''}`
  const lines = [
    ...describeStanding(standing),
    ...(inputs === null ? [] : [`inputs: ${limited(inputs.map(describeInput), ', ')}`]),
    ...(api === null ? [] : [`API, what runs instead of what is desired: ${formatCounts(api)}`]),
  ]
  const changes = (api?.changes ?? []).slice(0, MAX_ITEMS).map(({ id, level, subject }) => {
    const place = [subject.operation, subject.pointer].filter(Boolean).join(' ')
    return `    ${level === 'breaking' ? style.red(level) : level}  ${id}  ${style.dim(oneLine(place))}`
  })
  return [
    style.bold(
      `${environment}: ${names.join(', ')} ${nodes.length === 1 ? 'runs' : 'run'} ${short(running.artifact_digest)}${built}`,
    ),
    ...lines.map((line) => `  ${oneLine(line)}`),
    ...changes,
    ...notes.map((note) => `  ${style.dim(oneLine(note))}`),
  ].join('\n')
}

function limited(items: readonly string[], separator: string): string {
  if (items.length === 0) return 'the same'
  const rest = items.length - MAX_ITEMS
  return [...items.slice(0, MAX_ITEMS), ...(rest > 0 ? [`${rest} more`] : [])].join(separator)
}

function renderReleases({ releases }: FleetPage, style: Style): readonly string[] {
  if (releases === null || releases.length === 0) return []
  const lines = releases.map((release) => {
    const text = oneLine(describeRelease(release))
    return release.status === 'failed'
      ? style.red(text)
      : release.status === 'verified'
        ? style.green(text)
        : text
  })
  return [...lines, '']
}

/** A fleet in one line: whether it is in sync, with what it was compared, and the counts. */
export function renderFleetLine(page: Omit<FleetPage, 'drifts' | 'releases'>, style: Style): string {
  const { verified, counts, nodes, duration_ms: durationMs, ref, commit } = page
  const word = verified ? style.green('in sync') : style.red('not in sync')
  const about = `${counted(nodes.length, 'node')} compared with ${ref} (${short(commit)}) in ${formatDuration(durationMs)}`
  return `${word} ${about}: ${formatVerdicts(counts)}.`
}
