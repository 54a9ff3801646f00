import { formatLocation, severities, type Finding } from '../../domain/index.ts'
import { counted, oneLine } from '../plain-text.ts'
import type { Style } from '../style.ts'
import { severityLabel } from './severity-label.ts'

/** Of each rule so many places are shown. */
const PLACES = 5

/** A block for each rule, the gravest and most frequent first: how often, the hint of the first, the first places. */
export function renderRules(findings: readonly Finding[], style: Style): readonly string[] {
  const groups = [...Map.groupBy(findings, ({ rule, severity }) => `${severity} ${rule}`).values()]
  return groups
    .toSorted((a, b) => rank(a) - rank(b) || b.length - a.length)
    .map((group) => renderRule(group, style))
}

function rank([first]: readonly Finding[]): number {
  return first === undefined ? severities.length : severities.indexOf(first.severity)
}

function renderRule(group: readonly Finding[], style: Style): string {
  const [first] = group as readonly [Finding, ...Finding[]]
  const name = style.bold(first.code === undefined ? first.rule : `${first.rule} ${first.code}`)
  const files = new Set(group.map(({ at }) => at.file)).size
  const places = group
    .slice(0, PLACES)
    .map(({ at, message }) => `  ${oneLine(formatLocation(at))}  ${oneLine(message)}`)
  const rest = group.length - places.length
  return [
    `${severityLabel(first.severity, style)}  ${name}  ${group.length} in ${counted(files, 'file')}`,
    ...(first.hint === undefined ? [] : [`  ${style.cyan('hint:')} ${oneLine(first.hint)}`]),
    ...places,
    ...(rest > 0 ? [style.dim(`  and ${rest} more`)] : []),
  ].join('\n')
}
