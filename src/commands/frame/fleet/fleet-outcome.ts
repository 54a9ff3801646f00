import { resolve } from 'node:path'

import type { Host } from '../../../domain/index.ts'
import { exitOfVerified } from '../../../fleet/index.ts'
import {
  counted,
  createStyle,
  renderFleet,
  renderFleetJunit,
  renderFleetMarkdown,
  type Style,
} from '../../../terminal/index.ts'
import type { Outcome } from '../../base-command.ts'
import type { FleetResult } from './inspect-fleet.ts'

type FleetFormat = 'text' | 'markdown' | 'junit'

/** Where a report on a fleet goes, and how it reads. */
export interface FleetReporting {
  readonly format?: FleetFormat | undefined
  readonly output?: string | undefined
}

/** What `verify --fleet` prints and how it leaves; a report for `--output` is written. */
export async function fleetOutcome(
  result: FleetResult,
  { format = 'text', output }: FleetReporting,
  host: Host,
): Promise<Outcome<FleetResult>> {
  if (output !== undefined) {
    const { writeFileAtomic } = await import('../../../artifact/index.ts')
    const text = render(result, format, createStyle(false))
    await writeFileAtomic(resolve(host.cwd, output), Buffer.from(`${text}\n`), host.signal)
  }
  const { InSync, ConfigurationDrift, TamperedOnDisk, NotVerified, Unreachable } = result.counts
  const outputs = {
    in_sync: InSync,
    drifted: ConfigurationDrift,
    tampered: TamperedOnDisk,
    not_verified: NotVerified,
    unreachable: Unreachable,
    commit: result.commit,
  }
  return {
    result,
    exit: exitOfVerified(result, result.releases ?? []),
    text: (style) => render(result, output === undefined ? format : 'text', style),
    warnings: unattestedWarning(result),
    ci: () => ({ outputs, summary: renderFleetMarkdown(result) }),
  }
}

function render(result: FleetResult, format: FleetFormat, style: Style): string {
  if (format === 'markdown') return renderFleetMarkdown(result)
  return format === 'junit' ? renderFleetJunit(result) : renderFleet(result, style)
}

function unattestedWarning({ unattested }: FleetResult) {
  if (unattested === 0) return []
  const message =
    `${counted(unattested, 'node')} in sync by their word alone: fleet.yaml has no key of theirs. ` +
    'Give them one (`serve --node-key`), and ask with --require-attestation.'
  return [{ message }]
}
