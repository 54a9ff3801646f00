import type { Finding } from '../../domain/index.ts'
import { renderCheckstyle } from './render-checkstyle.ts'
import { renderGithub } from './render-github.ts'
import { renderGitlab } from './render-gitlab.ts'
import { renderJson } from './render-json.ts'
import { renderJunit } from './render-junit.ts'
import { renderMarkdown } from './render-markdown.ts'
import { renderSarif } from './render-sarif.ts'
import { renderText } from './render-text.ts'
import type { FindingsContext } from './report.ts'

export const findingFormats = [
  'text',
  'json',
  'sarif',
  'github',
  'junit',
  'gitlab',
  'checkstyle',
  'markdown',
] as const

export type FindingFormat = (typeof findingFormats)[number]

const renderers = {
  text: renderText,
  json: renderJson,
  sarif: renderSarif,
  github: renderGithub,
  junit: renderJunit,
  gitlab: renderGitlab,
  checkstyle: renderCheckstyle,
  markdown: renderMarkdown,
} satisfies Record<FindingFormat, (findings: readonly Finding[], context: FindingsContext) => string>

/** Findings, sorted, in one of the formats; no line break at the end. */
export function renderFindings(
  findings: readonly Finding[],
  format: FindingFormat,
  context: FindingsContext,
): string {
  return renderers[format](findings, context)
}
