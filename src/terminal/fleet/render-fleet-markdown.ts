import { formatCounts } from '../diff/page.ts'
import { markdownCell } from '../findings/markdown-text.ts'
import { counted } from '../plain-text.ts'
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

/** A comment on GitHub holds 65,536 characters; what a workflow writes around the report needs room too. */
const MAX_LENGTH = 60_000
const NOTE_LENGTH = 200
const MAX_ITEMS = 20

/** What was found of a fleet as Markdown, at most 60,000 characters: what is not in sync first. */
export function renderFleetMarkdown(page: FleetPage): string {
  const isWrong = ({ verdict }: NodeLine) => verdict !== 'InSync'
  const nodes = [...page.nodes.filter(isWrong), ...page.nodes.filter((node) => !isWrong(node))]
  const head = [
    '<!-- barbacane verify --fleet -->',
    `## Fleet: ${page.verified ? 'in sync' : 'not in sync'}`,
    '',
    `${formatVerdicts(page.counts)}. Compared with \`${page.ref.replaceAll('`', '')}\` (\`${short(page.commit)}\`).`,
  ]
  const blocks = [
    ...(page.releases ?? []).map((release) => `- ${markdownCell(describeRelease(release))}`),
    ...page.drifts.map(renderDrift),
  ]
  const rows = nodes.map(renderRow)
  const table = ['', '| Node | Environment | Verdict | Runs | Desired | |', '|---|---|---|---|---|---|']
  return cut([...head, ...table], rows, blocks)
}

function renderRow({
  node,
  environment,
  verdict,
  reason,
  message,
  attested,
  claims,
  desired,
}: NodeLine): string {
  const about =
    verdict === 'InSync' ? (attested ? '' : 'not attested') : `\`${reason}\` ${markdownCell(message)}`
  const word = verdict === 'InSync' ? verdictWords(verdict) : `**${verdictWords(verdict)}**`
  const digests = [claims?.artifact_digest, desired?.artifact_digest].map((digest) => `\`${short(digest)}\``)
  return `| ${markdownCell(node)} | ${markdownCell(environment)} | ${word} | ${digests.join(' | ')} | ${about} |`
}

function renderDrift({ environment, nodes, running, standing, inputs, api, notes }: DriftSection): string {
  const names =
    nodes.length > MAX_ITEMS ? [...nodes.slice(0, MAX_ITEMS), `${nodes.length - MAX_ITEMS} more`] : nodes
  const changes = (api?.changes ?? [])
    .slice(0, MAX_ITEMS)
    .map(({ id, level, subject: { operation, pointer } }) => {
      const place = [operation, pointer].filter(Boolean).join(' ')
      return `  - ${level}: \`${id}\` ${markdownCell(place)}`
    })
  return [
    `### ${markdownCell(environment)}: ${markdownCell(names.join(', '))} on \`${short(running.artifact_digest)}\``,
    '',
    ...describeStanding(standing).map((line) => `- ${markdownCell(line)}`),
    ...(inputs ?? []).slice(0, MAX_ITEMS).map((change) => `- ${markdownCell(describeInput(change))}`),
    ...(api === null ? [] : [`- API, what runs instead of what is desired: ${formatCounts(api)}`]),
    ...changes,
    ...notes.map((note) => `- ${markdownCell(note)}`),
  ].join('\n')
}

/** All blocks before any row is left out: they say more, and there are few of them. */
function cut(head: readonly string[], rows: readonly string[], blocks: readonly string[]): string {
  let length = head.join('\n').length + NOTE_LENGTH
  const fits = (text: string) => (length += text.length + 2) <= MAX_LENGTH
  const keptBlocks = blocks.filter((block) => fits(block))
  const keptRows = rows.filter((row) => fits(row))
  const left = rows.length - keptRows.length
  const note =
    left === 0 ? [] : ['', `${counted(left, 'node')} left out here; \`barbacane verify --fleet\` lists them.`]
  return [...head, ...keptRows, ...note, ...keptBlocks.map((block) => `\n${block}`)].join('\n')
}
