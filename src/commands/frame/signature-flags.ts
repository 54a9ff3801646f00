import { Flags } from '@oclif/core'

import { policyFlags, type PolicyFlagValues } from './policy-flags.ts'

/** What `serve` may ask of an artifact before it serves it. */
export const signatureFlags = {
  'require-signature': Flags.boolean({
    summary: 'Serve nothing that the policy does not accept (exit code 4).',
    helpGroup: 'POLICY',
  }),
  bundle: Flags.string({
    summary: 'Signature bundle; the one beside the artifact unless given.',
    helpValue: 'FILE',
    helpGroup: 'POLICY',
  }),
  ...policyFlags,
}

export type SignatureFlagValues = PolicyFlagValues & {
  readonly artifact: string
  readonly bundle?: string | undefined
  readonly 'require-signature'?: boolean
}

/** The flags about signatures that are given, without their dashes. */
export function givenSignatureFlags(flags: SignatureFlagValues): readonly string[] {
  return Object.keys(signatureFlags).filter((name) => {
    const value = flags[name as keyof SignatureFlagValues]
    return value !== undefined && value !== false
  })
}

/** True where a flag is given that needs signatures to be looked at. */
export function mentionsSignature(flags: SignatureFlagValues): boolean {
  return givenSignatureFlags(flags).length > 0
}
