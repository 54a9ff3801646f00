import { code, MAX_LENGTH, renderDiffMarkdown } from '../diff/render-diff-markdown.ts'
import { markdownCell } from '../findings/markdown-text.ts'
import { diffPageOf, factsOf, shortDigest, type PinPage } from './pin-page.ts'

const MAX_FACT_LENGTH = 500

const MARKS = { passed: '✅', refused: '❌', skipped: '–', waived: '⚠️' } as const

/** What a change of a pin means, as a section of a comment or summary of at most so many characters. */
export function renderPinMarkdown(page: PinPage, maxLength = MAX_LENGTH): string {
  const { environment, before, after, checks } = page
  const facts = factsOf(page).map(([name, value]) => `- ${name}: ${code(value.slice(0, MAX_FACT_LENGTH))}`)
  const rows = checks.map(({ name, status, outcome }) => {
    return `| ${MARKS[status]} ${status} | ${name} | ${markdownCell(outcome)} |`
  })
  const sections = [
    `## Release to ${code(environment)}: ${code(shortDigest(before))} → ${code(shortDigest(after))}`,
    facts.join('\n'),
    ...(rows.length === 0 ? [] : [['| | Check | Outcome |', '|---|---|---|', ...rows].join('\n')]),
  ]
  const text = sections.join('\n\n')
  const difference = diffPageOf(page)
  if (difference === undefined) return text
  return `${text}\n\n${renderDiffMarkdown(difference, maxLength - text.length - 2)}`
}
