import type { Finding } from '../../domain/index.ts'
import { countBySeverity, type FindingsContext } from './report.ts'

/** The findings as one JSON document: the `result` of `lint --json`, without the envelope. */
export function renderJson(findings: readonly Finding[], { files }: FindingsContext): string {
  return JSON.stringify({ files, findings, counts: countBySeverity(findings) }, undefined, 2)
}
