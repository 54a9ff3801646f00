import { oneLine } from '../plain-text.ts'
import { formatCounts, formatValues, groupChanges, type ChangeGroup, type DiffPage } from './page.ts'

/** GitHub refuses comments of more than 65,536 characters. */
export const MAX_LENGTH = 60_000
/** Room for the end of what is open and for the note that something is left out. */
const RESERVE = 200

const CUT = '*More is left out here; `barbacane diff` shows all of it.*'

/** A part that is printed as a whole or left out. */
interface Section {
  readonly text: string
  /** What has to follow sooner or later once the text is there. */
  readonly end?: string
}

/**
 * The differences of two APIs as a comment on a pull request, or a part of one: at most 60,000 characters unless given,
 * cut between two changes.
 */
export function renderDiffMarkdown(page: DiffPage, maxLength = MAX_LENGTH): string {
  const headline = `## API: ${page.changes.length === 0 ? 'no differences' : formatCounts(page)}`
  const sides = `From ${code(page.before)} to ${code(page.after)}.`
  const sections = [
    { text: `${headline}\n\n${sides}` },
    ...changesOf(page, 'breaking', '\n### Breaking\n'),
    ...operationTable(page),
    ...folded(changesOf(page, 'risky', '\n**Risky**\n'), changesOf(page, 'safe', '\n**Safe**\n')),
  ]
  return join(sections, maxLength)
}

function join(sections: readonly Section[], maxLength: number): string {
  const printed: string[] = []
  let length = 0
  let end: string | undefined
  for (const section of sections) {
    length += section.text.length + 1
    if (length > maxLength - RESERVE) {
      printed.push('', CUT)
      break
    }
    printed.push(section.text)
    end = section.end ?? end
  }
  return [...printed, ...(end === undefined ? [] : ['', end])].join('\n')
}

function changesOf(page: DiffPage, level: 'breaking' | 'risky' | 'safe', title: string): readonly Section[] {
  const items = groupChanges(page, level).map((group) => ({ text: renderGroup(group) }))
  return items.length === 0 ? [] : [{ text: title }, ...items]
}

function renderGroup({ change, operations }: ChangeGroup): string {
  const [first, ...others] = operations
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  const pointer = change.subject.pointer === '' ? '' : ` ${code(change.subject.pointer)}`
  const values = formatValues(change)
  const subject = first === undefined ? pointer.trim() : `${code(first)}${more}${pointer}`
  return `- **${change.id}** ${subject}${values === '' ? '' : `: ${code(values)}`}  \n  ${change.reason}`
}

function operationTable({ operations }: DiffPage): readonly Section[] {
  const rows = (['added', 'changed', 'removed'] as const).flatMap((state) =>
    operations[state].map((name) => ({ text: `| ${state} | ${code(name).replaceAll('|', '\\|')} |` })),
  )
  return rows.length === 0 ? [] : [{ text: '\n### Operations\n\n| | |\n|---|---|' }, ...rows]
}

function folded(...parts: readonly (readonly Section[])[]): readonly Section[] {
  const sections = parts.flat()
  if (sections.length === 0) return []
  return [{ text: '\n<details><summary>Risky and safe changes</summary>', end: '</details>' }, ...sections]
}

/** A code span of CommonMark §6.1, whose fence is longer than any run of backticks within. */
export function code(text: string): string {
  const line = oneLine(text)
  const runs = [...line.matchAll(/`+/g)].map(([run]) => run.length)
  const fence = '`'.repeat(Math.max(0, ...runs) + 1)
  const pad = runs.length === 0 ? '' : ' '
  return `${fence}${pad}${line}${pad}${fence}`
}
