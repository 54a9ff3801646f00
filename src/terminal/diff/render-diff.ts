import { oneLine } from '../plain-text.ts'
import type { Style } from '../style.ts'
import { formatCounts, formatValues, groupChanges, levels, type ChangeGroup, type DiffPage } from './page.ts'

/** The differences of two APIs for people: breaking first, then risky, then safe; the last line counts them. */
export function renderDiff(page: DiffPage, style: Style): string {
  const total = levels.reduce((sum, level) => sum + page.counts[level], 0)
  if (total === 0) return `${style.green('ok')} No differences.`
  const paint = { breaking: style.red, risky: style.yellow, safe: style.green }
  const sections = levels.flatMap((level) => {
    const groups = groupChanges(page, level).map((group) => renderGroup(group, style))
    return groups.length === 0 ? [] : [`${paint[level](level.toUpperCase())}\n${groups.join('\n')}`]
  })
  return [...sections, `${formatCounts(page)}.`].join('\n\n')
}

function renderGroup({ change, operations }: ChangeGroup, style: Style): string {
  const values = formatValues(change)
  const [first, ...others] = operations
  const more = others.length === 0 ? '' : style.dim(` and ${others.length} more`)
  const subject = `${oneLine(first ?? '')}${more} ${style.dim(oneLine(change.subject.pointer))}`
  return [
    `  ${style.bold(change.id)}  ${subject.trim()}`.trimEnd(),
    ...(values === '' ? [] : [`    ${oneLine(values)}`]),
    `    ${style.dim(change.reason)}`,
  ].join('\n')
}
