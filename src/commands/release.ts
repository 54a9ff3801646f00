import { Args } from '@oclif/core'

import { environmentOf } from '../fleet/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'
import { changePin, openFleet, type ReleaseResult } from './frame/release/change-pin.ts'
import { findFleetPlace } from './frame/release/find-fleet-place.ts'
import { findArtifacts } from './frame/release/pinned-artifacts.ts'
import { readNamedPin } from './frame/release/read-named-pin.ts'
import {
  artifactFlags,
  breakingFlag,
  commitFlags,
  environmentFlag,
  fleetFlag,
} from './frame/release/release-flags.ts'
import { releaseOutcome } from './frame/release/release-outcome.ts'

export default class Release extends BaseCommand<ReleaseResult> {
  static override summary = 'Pin an artifact for an environment, by a commit.'
  static override description =
    'Verifies the artifact as fleet.yaml asks for in this environment, tells what it changes for clients, writes ' +
    'environments/ENVIRONMENT/release.yaml and commits it on the branch that is checked out. Refuses a work tree that ' +
    'is not clean, a branch that is behind, and an artifact that is not verified. Nodes are not touched: what they ' +
    'have to run is what the commit says.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> registry.example/apis/shop:1.4 --env staging --reason "Books can be ordered" --push',
    '<%= config.bin %> <%= command.id %> api.bca --env development --dry-run',
  ]
  static override args = {
    target: Args.string({
      required: true,
      description: 'HOST[:PORT]/REPOSITORY[:TAG][@sha256:DIGEST]; a .bca file; or an image layout.',
    }),
  }
  static override flags = {
    ...environmentFlag,
    ...commitFlags,
    ...breakingFlag,
    ...artifactFlags,
    ...fleetFlag,
  }

  protected async execute(): Promise<Outcome<ReleaseResult>> {
    const { args, flags } = await this.parse(Release)
    const { host } = this
    const fleet = await openFleet(await findFleetPlace(flags.fleet, host))
    const environment = environmentOf(fleet.state, flags.env)
    const sources = { plainHttp: flags['plain-http'], host }
    const named = await readNamedPin(args.target, {
      find: findArtifacts(flags.artifact ?? [], sources),
      ...sources,
    })
    const request = {
      ...named,
      environment,
      action: { kind: 'release' } as const,
      flags,
      allowsBreaking: flags['allow-breaking'],
      trustsHistory: false,
    }
    return releaseOutcome(await changePin(fleet, request, host))
  }
}
