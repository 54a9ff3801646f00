import { appendFile } from 'node:fs/promises'

import type { Host } from '../../../domain/index.ts'
import { oneLine, type StepReport } from '../../../terminal/index.ts'

/** What later steps of a workflow need of a shipment. */
export type ShipOutputs = Readonly<Record<string, string | null>>

/**
 * Tells GitHub Actions: the outputs for later steps ($GITHUB_OUTPUT) and a table for people ($GITHUB_STEP_SUMMARY),
 * each where its variable is set.
 */
export async function reportToCi(
  steps: readonly StepReport[],
  outputs: ShipOutputs,
  { env }: Host,
): Promise<void> {
  const { GITHUB_OUTPUT: outputPath, GITHUB_STEP_SUMMARY: summaryPath } = env
  if (outputPath) await appendFile(outputPath, renderOutputs(outputs))
  if (summaryPath) await appendFile(summaryPath, renderSummary(steps, outputs))
}

function renderOutputs(outputs: ShipOutputs): string {
  return Object.entries(outputs)
    .map(([name, value]) => `${name.replaceAll('_', '-')}=${oneLine(value ?? '')}\n`)
    .join('')
}

function renderSummary(steps: readonly StepReport[], outputs: ShipOutputs): string {
  const cell = (text: string) => oneLine(text).replaceAll('|', '\\|')
  const rows = steps.map(({ name, state, detail }) => `| ${name} | ${state} | ${cell(detail)} |`)
  const facts = Object.entries(outputs)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `| ${name.replaceAll('_', ' ')} | \`${cell(value ?? '')}\` |`)
  return [
    '### Shipped with barbacane',
    '',
    '| step | state | |',
    '|---|---|---|',
    ...rows,
    '',
    '| | |',
    '|---|---|',
    ...facts,
    '',
    '',
  ].join('\n')
}
