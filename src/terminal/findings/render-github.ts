import { formatLocation, severities, type Finding, type Severity } from '../../domain/index.ts'
import { oneLine } from '../plain-text.ts'
import type { Style } from '../style.ts'
import { renderRules } from './render-rules.ts'
import { describeCounts, type FindingsContext } from './report.ts'

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' }

/** GitHub drops annotations beyond this many of a kind in one step, without a word. */
const ANNOTATIONS_PER_KIND = 10

/** Beyond this many more, nobody reads a list to its end. */
const MAX_PLAIN_LINES = 100

/**
 * Workflow commands of GitHub Actions; what is beyond GitHub's limit follows as plain lines, or by rule where it is much.
 */
export function renderGithub(findings: readonly Finding[], { files, style }: FindingsContext): string {
  const kinds = severities.map((severity) => findings.filter((finding) => finding.severity === severity))
  const shown = kinds.flatMap((kind) => kind.slice(0, ANNOTATIONS_PER_KIND))
  const rest = kinds.flatMap((kind) => kind.slice(ANNOTATIONS_PER_KIND))
  const lines = shown.map(renderAnnotation)
  if (rest.length > 0) {
    const plain = rest.length > MAX_PLAIN_LINES ? ruleLines(rest, style) : rest.map(plainLine)
    lines.push(`And ${describeCounts(rest)} more than GitHub shows as annotations:`, ...plain)
  }
  const total = findings.length === 0 ? 'No findings' : describeCounts(findings)
  lines.push(`${total} in ${files.length} ${files.length === 1 ? 'file' : 'files'}.`)
  return lines.join('\n')
}

function renderAnnotation({ rule, severity, message, hint, at }: Finding): string {
  const isOneLine = at.endLine === undefined || at.endLine === at.line
  const properties = {
    file: at.file,
    line: at.line,
    ...(at.endLine === undefined ? {} : { endLine: at.endLine }),
    // GitHub refuses columns where the lines differ.
    ...(isOneLine ? { col: at.col } : {}),
    ...(isOneLine && at.endCol !== undefined ? { endColumn: at.endCol } : {}),
    title: rule,
  }
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`)
  const text = hint === undefined ? message : `${message}\n${hint}`
  return `::${COMMANDS[severity]} ${list.join(',')}::${escapeData(text)}`
}

function ruleLines(findings: readonly Finding[], style: Style): readonly string[] {
  return renderRules(findings, style).map((block) => block.replaceAll(/^ {2}/gm, '- '))
}

// A line of the log that begins with `::` would be a command again.
function plainLine({ rule, severity, message, at }: Finding): string {
  return `- ${oneLine(formatLocation(at))} ${severity} ${oneLine(message)} (${rule})`
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
