import { Flags } from '@oclif/core'

/** Whose signature to accept: shared by every command that verifies. */
export const policyFlags = {
  policy: Flags.string({
    summary: 'Policy file; `verify.policy` of barbacane.yaml unless given.',
    helpValue: 'FILE',
    helpGroup: 'POLICY',
  }),
  key: Flags.string({ summary: 'Public key (PEM) to accept.', helpValue: 'FILE', helpGroup: 'POLICY' }),
  identity: Flags.string({
    summary: 'Identity to accept, exactly, e.g. the URL of a workflow at a ref.',
    helpValue: 'NAME',
    helpGroup: 'POLICY',
  }),
  'identity-regexp': Flags.string({
    summary: 'Expression that has to match the whole identity.',
    helpValue: 'REGEXP',
    helpGroup: 'POLICY',
  }),
  issuer: Flags.string({
    summary: 'Who has to vouch for the identity, exactly.',
    helpValue: 'URL',
    helpGroup: 'POLICY',
  }),
  'trusted-root': Flags.string({
    summary: 'trusted_root.json of a private Sigstore instance.',
    helpValue: 'FILE',
    helpGroup: 'POLICY',
  }),
}

export type PolicyFlagValues = {
  readonly [Name in keyof typeof policyFlags]?: string | undefined
} & { readonly 'require-sbom'?: boolean; readonly git?: boolean }
