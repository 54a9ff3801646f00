import { Flags } from '@oclif/core'

import { environmentOf, findPastRelease } from '../fleet/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'
import { changePin, openFleet, type ReleaseResult } from './frame/release/change-pin.ts'
import { findFleetPlace } from './frame/release/find-fleet-place.ts'
import { findArtifacts } from './frame/release/pinned-artifacts.ts'
import { artifactFlags, commitFlags, environmentFlag, fleetFlag } from './frame/release/release-flags.ts'
import { releaseOutcome } from './frame/release/release-outcome.ts'

export default class Rollback extends BaseCommand<ReleaseResult> {
  static override summary = 'Pin an earlier release of an environment again, by a commit.'
  static override description =
    'Goes back to the release before the one that is pinned, or to the one that is named; nothing is taken out of the ' +
    'history. A release that was rolled back is not gone back to, so that rolling back twice leads two releases back. ' +
    'The artifact is verified as fleet.yaml asks for today; whether clients break is shown and keeps nothing from ' +
    'being rolled back.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --env production --reason "Orders fail" --push',
    '<%= config.bin %> <%= command.id %> --env production --to HEAD~3',
  ]
  static override flags = {
    ...environmentFlag,
    to: Flags.string({
      summary: 'A commit at which it was pinned, or the sha256: digest or hash of its artifact.',
      helpValue: 'RELEASE',
    }),
    'trust-history': Flags.boolean({
      default: false,
      summary: 'Do not verify again what was verified when it was released; for when the registry is down.',
    }),
    ...commitFlags,
    ...artifactFlags,
    ...fleetFlag,
  }

  protected async execute(): Promise<Outcome<ReleaseResult>> {
    const { flags } = await this.parse(Rollback)
    const { host } = this
    const fleet = await openFleet(await findFleetPlace(flags.fleet, host))
    const environment = environmentOf(fleet.state, flags.env)
    const { release, commit } = await findPastRelease(fleet.folder, {
      commit: fleet.state.commit,
      environment: environment.name,
      to: flags.to,
    })
    const request = {
      environment,
      pin: release,
      find: findArtifacts(flags.artifact ?? [], { plainHttp: flags['plain-http'], host }),
      action: { kind: 'rollback', to: commit } as const,
      flags,
      allowsBreaking: false,
      trustsHistory: flags['trust-history'],
    }
    return releaseOutcome(await changePin(fleet, request, host))
  }
}
