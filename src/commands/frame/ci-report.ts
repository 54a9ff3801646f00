import { appendFile } from 'node:fs/promises'

import type { Host } from '../../domain/index.ts'
import { oneLine } from '../../terminal/index.ts'

/** What a command leaves for the workflow of GitHub Actions that runs it. */
export interface CiReport {
  /** Outputs of the step for later ones, named as members of the result are; null for what there is not. */
  readonly outputs: Readonly<Record<string, string | number | null>>
  /** Markdown for the summary of the job. */
  readonly summary: string
}

/**
 * Tells GitHub Actions: the outputs for later steps ($GITHUB_OUTPUT) and a section for people
 * ($GITHUB_STEP_SUMMARY), each where its variable is set. A report is only made where it is read.
 */
export async function reportToCi(report: () => CiReport, { env }: Host): Promise<void> {
  const { GITHUB_OUTPUT: outputPath, GITHUB_STEP_SUMMARY: summaryPath } = env
  if (!outputPath && !summaryPath) return
  const { outputs, summary } = report()
  if (outputPath) await appendFile(outputPath, renderOutputs(outputs))
  if (summaryPath) await appendFile(summaryPath, `${summary.trimEnd()}\n\n`)
}

function renderOutputs(outputs: CiReport['outputs']): string {
  return Object.entries(outputs)
    .map(([name, value]) => `${name.replaceAll('_', '-')}=${oneLine(`${value ?? ''}`)}\n`)
    .join('')
}
