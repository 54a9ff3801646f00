import { Flags } from '@oclif/core'

import { plainHttpFlag } from '../plain-http-flag.ts'

const fleet = Flags.string({
  summary: 'The fleet file; found from the working directory upwards unless given.',
  helpValue: 'FILE',
})

/** Of every command about a fleet. */
export const fleetFlag = { fleet }

/** The environment that a command is about. */
export const environmentFlag = {
  env: Flags.string({ required: true, summary: 'The environment.', helpValue: 'ENVIRONMENT' }),
}

/** Of commands that read desired state from a commit. */
export const refFlag = {
  ref: Flags.string({
    summary: 'The commit to read; what the branch follows, else HEAD, unless given.',
    helpValue: 'REF',
  }),
}

/** Where artifacts come from that are pinned. */
export const artifactFlags = {
  artifact: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    summary:
      'File of an artifact that is pinned, by its digest, instead of its image; may be given several times.',
    helpValue: 'FILE',
  }),
  'plain-http': plainHttpFlag,
}

/** Of commands that commit a change of a pin. */
export const commitFlags = {
  reason: Flags.string({ summary: 'Why; a line for the release file and the commit.', helpValue: 'TEXT' }),
  'dry-run': Flags.boolean({ default: false, summary: 'Check and show everything, and commit nothing.' }),
  push: Flags.boolean({ default: false, summary: 'Push the commit to the branch that this one follows.' }),
  sign: Flags.boolean({
    allowNo: true,
    summary: 'Sign the commit, or do not; as git is configured unless given.',
  }),
}

/** Of those that may break clients. */
export const breakingFlag = {
  'allow-breaking': Flags.boolean({
    dependsOn: ['reason'],
    summary: 'Answer for changes that break clients.',
  }),
}

export interface CommitFlagValues {
  readonly reason?: string | undefined
  readonly 'dry-run': boolean
  readonly push: boolean
  readonly sign?: boolean | undefined
}
