import { Args, Flags } from '@oclif/core'

import { gravest } from '../domain/index.ts'
import { refusalOf } from '../fleet/index.ts'
import { renderPlan, renderPlanMarkdown } from '../terminal/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'
import { examinePin } from './frame/release/examine-pin.ts'
import { findFleetPlace } from './frame/release/find-fleet-place.ts'
import { pinReport, type PinReport } from './frame/release/pin-report.ts'
import { planChanges } from './frame/release/plan-changes.ts'
import { artifactFlags, fleetFlag } from './frame/release/release-flags.ts'

interface PlanResult {
  /** As the commit was named, and its full id. */
  readonly ref: string
  readonly commit: string
  /** What it is compared with; null where one pin is planned. */
  readonly base: { readonly ref: string; readonly commit: string } | null
  /** Those whose pin changes. */
  readonly environments: readonly PinReport[]
}

export default class Plan extends BaseCommand<PlanResult> {
  static override summary = 'Tell what a change of what is released means.'
  static override description =
    'For every environment whose pin changes: which artifact is replaced by which, what that means for clients, which ' +
    'nodes are concerned, and whether the environment accepts it. Plans what a commit changes since it left --base, ' +
    'as a pull request; or the release of an artifact; or a promotion. Reads commits only, and changes nothing. Leaves ' +
    'with the exit code of the gravest refusal.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --base origin/main --format markdown > comment.md',
    '<%= config.bin %> <%= command.id %> registry.example/apis/shop:1.4 --env staging',
    '<%= config.bin %> <%= command.id %> --from staging --to production',
  ]
  static override args = {
    target: Args.string({
      description: 'An artifact to be released: an image of a registry, a .bca file, or an image layout.',
    }),
  }
  static override flags = {
    env: Flags.string({ summary: 'The environment that it would be released to.', helpValue: 'ENVIRONMENT' }),
    from: Flags.string({ summary: 'The environment to promote from.', helpValue: 'ENVIRONMENT' }),
    to: Flags.string({ summary: 'The environment to promote to.', helpValue: 'ENVIRONMENT' }),
    ref: Flags.string({ default: 'HEAD', summary: 'The commit to plan.', helpValue: 'REF' }),
    base: Flags.string({
      summary: 'What it is compared with; what the branch follows unless given.',
      helpValue: 'REF',
    }),
    format: Flags.option({
      options: ['text', 'markdown'] as const,
      default: 'text' as const,
      summary: 'How to report; `markdown` for a comment on a pull request.',
    })(),
    'allow-breaking': Flags.boolean({ summary: 'Answer for changes that break clients.' }),
    ...artifactFlags,
    ...fleetFlag,
  }

  protected async execute(): Promise<Outcome<PlanResult>> {
    const { args, flags } = await this.parse(Plan)
    const place = await findFleetPlace(flags.fleet, this.host)
    const { state, base, changes, find } = await planChanges(place, { ...args, ...flags }, this.host)
    const examination = {
      state,
      find,
      host: this.host,
      allowsBreaking: flags['allow-breaking'],
      trustsHistory: false,
    }
    const examined = await Promise.all(
      changes.map((change) => {
        const { isReturn, rules } = change
        return examinePin(change, { ...examination, isReturn, source: { ...place, state: rules } })
      }),
    )
    const result = {
      ref: state.ref,
      commit: state.commit,
      base,
      environments: examined.map(pinReport),
    }
    return {
      result,
      exit: gravest(examined.map(({ checks }) => refusalOf(checks)?.exit ?? 0)),
      text: (style) => (flags.format === 'markdown' ? renderPlanMarkdown(result) : renderPlan(result, style)),
      ci: () => ({ outputs: outputsOf(result.environments), summary: renderPlanMarkdown(result) }),
    }
  }
}

function outputsOf(environments: readonly PinReport[]) {
  const refused = environments.filter(({ checks }) => checks.some(({ status }) => status === 'refused'))
  const breaking = environments.map(({ difference }) => difference?.counts.breaking ?? 0)
  return {
    environments: environments.map(({ environment }) => environment).join(' '),
    refused: refused.map(({ environment }) => environment).join(' '),
    breaking: breaking.reduce((sum, count) => sum + count, 0),
  }
}
