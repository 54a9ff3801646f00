import { markdownCell, type StepReport } from '../../../terminal/index.ts'
import type { CiReport } from '../ci-report.ts'

/** The steps of a shipment and what came of it, as a section of the summary of a job. */
export function renderShipment(steps: readonly StepReport[], outputs: CiReport['outputs']): string {
  const facts = Object.entries(outputs)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `| ${name.replaceAll('_', ' ')} | ${markdownCell(`\`${value}\``)} |`)
  return [
    '### Shipped with barbacane',
    '',
    '| step | state | |',
    '|---|---|---|',
    ...steps.map(({ name, state, detail }) => `| ${name} | ${state} | ${markdownCell(detail)} |`),
    '',
    '| | |',
    '|---|---|',
    ...facts,
  ].join('\n')
}
