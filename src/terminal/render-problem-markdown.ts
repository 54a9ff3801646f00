import type { Finding, Problem } from '../domain/index.ts'
import { markdownCell } from './findings/markdown-text.ts'
import { counted } from './plain-text.ts'

const MAX_FINDINGS = 50

/** A section of Markdown on why a command did not come to a result: code, message, hint, and the first findings. */
export function renderProblemMarkdown(command: string, problem: Problem): string {
  const { code, message, hint, at, findings = [] } = problem
  const place = at === undefined ? '' : `${markdownCell(`${at.file}:${at.line}:${at.col}`)}: `
  const left = findings.length - MAX_FINDINGS
  return [
    `### \`barbacane ${command}\`: ${code}`,
    '',
    `> ${place}${markdownCell(message)}`,
    '>',
    `> ${markdownCell(hint)}`,
    ...(findings.length === 0 ? [] : ['', '| Place | Severity | Finding |', '|---|---|---|']),
    ...findings.slice(0, MAX_FINDINGS).map(renderRow),
    ...(left > 0 ? ['', `${counted(left, 'more finding')}.`] : []),
  ].join('\n')
}

function renderRow({ severity, message, at }: Finding): string {
  return `| ${markdownCell(`${at.file}:${at.line}:${at.col}`)} | ${severity} | ${markdownCell(message)} |`
}
