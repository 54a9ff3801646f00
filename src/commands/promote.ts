import { Flags } from '@oclif/core'

import { environmentOf, pinOf } from '../fleet/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'
import { changePin, openFleet, type ReleaseResult } from './frame/release/change-pin.ts'
import { findFleetPlace } from './frame/release/find-fleet-place.ts'
import { findArtifacts } from './frame/release/pinned-artifacts.ts'
import { artifactFlags, breakingFlag, commitFlags, fleetFlag } from './frame/release/release-flags.ts'
import { releaseOutcome } from './frame/release/release-outcome.ts'

export default class Promote extends BaseCommand<ReleaseResult> {
  static override summary = 'Pin what one environment has for another, by a commit.'
  static override description =
    'Takes the release of one environment, byte for byte the same artifact, verifies it as fleet.yaml asks for in the ' +
    'other, tells what it changes for clients there, and commits it on the branch that is checked out.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --from staging --to production --push',
    '<%= config.bin %> <%= command.id %> --from staging --to production --dry-run',
  ]
  static override flags = {
    from: Flags.string({ required: true, summary: 'The environment that has it.', helpValue: 'ENVIRONMENT' }),
    to: Flags.string({
      required: true,
      summary: 'The environment that is to have it.',
      helpValue: 'ENVIRONMENT',
    }),
    ...commitFlags,
    ...breakingFlag,
    ...artifactFlags,
    ...fleetFlag,
  }

  protected async execute(): Promise<Outcome<ReleaseResult>> {
    const { flags } = await this.parse(Promote)
    const { host } = this
    const fleet = await openFleet(await findFleetPlace(flags.fleet, host))
    const from = environmentOf(fleet.state, flags.from)
    const environment = environmentOf(fleet.state, flags.to)
    const request = {
      environment,
      pin: pinOf(fleet.state, from.name),
      find: findArtifacts(flags.artifact ?? [], { plainHttp: flags['plain-http'], host }),
      action: { kind: 'promote', from: from.name } as const,
      flags,
      allowsBreaking: flags['allow-breaking'],
      trustsHistory: false,
    }
    return releaseOutcome(await changePin(fleet, request, host))
  }
}
