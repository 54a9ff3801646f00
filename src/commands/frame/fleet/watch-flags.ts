import { Flags } from '@oclif/core'

const helpGroup = 'WATCH'
const dependsOn = ['watch']

/** How a fleet is watched; each needs --watch. */
export const watchFlags = {
  watch: Flags.boolean({
    summary: 'Go on asking, and tell when something begins or ends to be wrong with a node.',
    helpGroup,
    dependsOn: ['fleet'],
    exclusive: ['format', 'output'],
  }),
  interval: Flags.integer({
    min: 1,
    max: 86_400,
    summary: 'Seconds between polls, a tenth more or less; 60 unless given.',
    helpValue: 'SECONDS',
    helpGroup,
    dependsOn,
  }),
  polls: Flags.integer({
    min: 1,
    summary: 'End after so many polls; it goes on until it is stopped unless given.',
    helpValue: 'COUNT',
    helpGroup,
    dependsOn,
  }),
  'state-file': Flags.string({
    summary: 'What it remembers, so that a restart raises no alert twice.',
    helpValue: 'FILE',
    helpGroup,
    dependsOn,
  }),
  'metrics-listen': Flags.string({
    summary: 'Serve metrics for Prometheus at this address, at /metrics.',
    helpValue: 'HOST:PORT',
    helpGroup,
    dependsOn,
  }),
  webhook: Flags.string({
    summary: 'Post alerts to this https URL, signed with the secret in BARBACANE_WEBHOOK_SECRET.',
    helpValue: 'URL',
    helpGroup,
    dependsOn,
    env: 'BARBACANE_WEBHOOK',
  }),
}

/** The values of {@link watchFlags}. */
export interface WatchFlagValues {
  readonly interval?: number | undefined
  readonly polls?: number | undefined
  readonly 'state-file'?: string | undefined
  readonly 'metrics-listen'?: string | undefined
  readonly webhook?: string | undefined
}
