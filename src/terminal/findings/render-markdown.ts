import type { Finding } from '../../domain/index.ts'
import { counted } from '../plain-text.ts'
import { markdownCell } from './markdown-text.ts'
import { describeCounts, groupByFile, type FindingsContext } from './report.ts'

/** A comment on GitHub holds 65,536 characters; what a workflow writes around the report needs room too. */
const MAX_LENGTH = 60_000

/** Room for the sentence that says what was left out. */
const NOTE_LENGTH = 200

/**
 * Markdown for the comment on a pull request: counts, then a table for each file. A report that would be too long ends
 * behind the last table, or row of the first table, that fits, and says what is missing.
 */
export function renderMarkdown(findings: readonly Finding[], { files }: FindingsContext): string {
  // Workflows find their own comment again by the first line.
  const head = `<!-- barbacane lint -->\n## ${findings.length === 0 ? 'No findings' : describeCounts(findings)} in ${counted(files.length, 'file')}`
  const sections = [...groupByFile(findings)].map(([file, group]) => ({
    title: `### ${markdownCell(file)}\n\n| Line | Severity | Finding | Rule |\n|---:|---|---|---|`,
    rows: group.map(renderRow),
  }))
  let text = head
  let shown = 0
  for (const { title, rows } of sections) {
    const room = MAX_LENGTH - NOTE_LENGTH - text.length - `\n\n${title}`.length
    const fitting = shown === 0 ? rows.slice(0, countFitting(rows, room)) : rows
    const length = fitting.reduce((sum, row) => sum + row.length + 1, 0)
    if (fitting.length === 0 || length > room) break
    text += `\n\n${title}\n${fitting.join('\n')}`
    shown += fitting.length
    if (fitting.length < rows.length) break
  }
  const left = findings.length - shown
  if (left === 0) return text
  return `${text}\n\n**${counted(left, 'more finding')}** would make this report too long; \`barbacane lint\` lists all of them.`
}

function renderRow({ rule, severity, message, hint, at }: Finding): string {
  const finding =
    hint === undefined ? markdownCell(message) : `${markdownCell(message)}<br>${markdownCell(hint)}`
  return `| ${at.line}:${at.col} | ${severity} | ${finding} | \`${rule}\` |`
}

function countFitting(rows: readonly string[], room: number): number {
  let length = 0
  const index = rows.findIndex((row) => (length += row.length + 1) > room)
  return index === -1 ? rows.length : index
}
