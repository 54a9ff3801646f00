import { Flags } from '@oclif/core'

const insecureRefHost = Flags.string({
  summary:
    'Ask this host for documents by http too, and at an address that is not public. Can be given again.',
  helpValue: 'HOST[:PORT]',
  multiple: true,
  multipleNonGreedy: true,
})

/** How commands that read descriptions treat references to the network. */
export const referenceFlags = {
  'allow-remote-refs': Flags.boolean({
    default: false,
    summary: 'Follow references to the network that the lock pins.',
  }),
  'insecure-ref-host': insecureRefHost,
}

/** For the command that pins them. */
export const insecureRefHostFlag = { 'insecure-ref-host': insecureRefHost }
