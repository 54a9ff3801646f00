import { formatLocation, type Location, type Problem } from '../domain/index.ts'
import { renderFindings } from './findings/render-findings.ts'
import { oneLine, visible } from './plain-text.ts'
import type { Style } from './style.ts'

/** Something a user should know although the work was done; a finding is one too. */
export interface Warning {
  readonly message: string
  readonly code?: string
  readonly rule?: string
  readonly hint?: string
  readonly at?: Location
}

/** A problem for a person: its findings, what happened and where, how to fix it, how to learn more. */
export function renderProblem(
  problem: Problem,
  style: Style,
  findingFormat: 'text' | 'github' = 'text',
): string {
  const { code, message, hint, at, findings = [] } = problem
  const place = at === undefined ? '' : `${formatLocation(at)}: `
  const text = [
    `${style.red('error')} ${style.bold(code)}`,
    indent(visibleLines(place + message)),
    indent(`${style.cyan('hint:')} ${visibleLines(hint)}`),
    indent(style.dim(`More: barbacane explain ${code}`)),
  ].join('\n')
  if (findings.length === 0) return text
  const files = [...new Set(findings.map((finding) => finding.at.file))]
  return `${renderFindings(findings, findingFormat, { style, files, rules: [], version: '' })}\n\n${text}`
}

/** A warning for a person, in one or two lines. */
export function renderWarning({ message, code, rule, hint, at }: Warning, style: Style): string {
  const place = at === undefined ? '' : `${formatLocation(at)}: `
  const name = rule ?? code
  const suffix = name === undefined ? '' : ` ${style.dim(`[${name}]`)}`
  const line = `${style.yellow('warning')} ${oneLine(place + message)}${suffix}`
  return hint === undefined ? line : `${line}\n${indent(`${style.cyan('hint:')} ${oneLine(hint)}`)}`
}

function visibleLines(text: string): string {
  return text.split(/\r?\n/).map(visible).join('\n')
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ')
}
