import { severities, type Finding, type Severity } from '../../domain/index.ts'
import { counted } from '../plain-text.ts'
import type { Style } from '../style.ts'

/** What a rule is, for formats that describe their rules. */
export interface RuleDescription {
  readonly id: string
  readonly summary: string
}

/** What a presenter knows beside the findings. */
export interface FindingsContext {
  readonly style: Style
  /** Every file that was looked at, also those without findings. */
  readonly files: readonly string[]
  readonly rules: readonly RuleDescription[]
  /** The version of barbacane. */
  readonly version: string
  /** Shows the lines that are meant; undefined where nobody sits at a terminal. */
  readonly sourceOf?: (file: string) => string | undefined
  /** From how many findings on text shows some of each rule instead of all of them; 100 unless given. */
  readonly maxListed?: number
}

/** How many findings there are of each severity. */
export function countBySeverity(findings: readonly Finding[]): Readonly<Record<Severity, number>> {
  const counts = { error: 0, warning: 0, info: 0 }
  for (const { severity } of findings) counts[severity] += 1
  return counts
}

/** Findings by file, in the order in which the files first appear. */
export function groupByFile(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  return Map.groupBy(findings, (finding) => finding.at.file)
}

/** `3 errors, 1 warning`; the severities that do not occur are left out. */
export function describeCounts(findings: readonly Finding[]): string {
  const counts = countBySeverity(findings)
  const nouns = { error: 'error', warning: 'warning', info: 'note' }
  const parts = severities.filter((severity) => counts[severity] > 0)
  return parts.map((severity) => counted(counts[severity], nouns[severity])).join(', ')
}
