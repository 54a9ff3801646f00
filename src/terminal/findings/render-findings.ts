import type { Finding } from '../../domain/index.ts'
import { renderGithub } from './render-github.ts'
import { renderJson } from './render-json.ts'
import { renderJunit } from './render-junit.ts'
import { renderSarif } from './render-sarif.ts'
import { renderText } from './render-text.ts'
import type { FindingsContext } from './report.ts'

export const findingFormats = ['text', 'json', 'sarif', 'github', 'junit'] as const

export type FindingFormat = (typeof findingFormats)[number]

const renderers = {
  text: renderText,
  json: renderJson,
  sarif: renderSarif,
  github: renderGithub,
  junit: renderJunit,
} satisfies Record<FindingFormat, (findings: readonly Finding[], context: FindingsContext) => string>

/** Findings, sorted, in one of the formats; no line break at the end. */
export function renderFindings(
  findings: readonly Finding[],
  format: FindingFormat,
  context: FindingsContext,
): string {
  return renderers[format](findings, context)
}
