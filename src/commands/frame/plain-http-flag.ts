import { Flags } from '@oclif/core'

/** Of every command that may talk to a registry. */
export const plainHttpFlag = Flags.boolean({
  summary: 'Speak http to the registry named. Only in a trusted network.',
})
