import { resolve } from 'node:path'

import { Flags } from '@oclif/core'

import {
  attestProblems as problems,
  loadPrivateKey,
  readPassphrase,
  type SigningMethod,
} from '../../attest/index.ts'
import type { Host } from '../../domain/index.ts'

/** How to sign: shared by every command that signs. */
export const signingFlags = {
  key: Flags.string({ summary: 'Private key (PEM) to sign with.', helpValue: 'FILE', helpGroup: 'SIGNING' }),
  'passphrase-file': Flags.string({
    summary: 'File whose first line opens the key; else BARBACANE_KEY_PASSPHRASE.',
    helpValue: 'FILE',
    helpGroup: 'SIGNING',
  }),
  keyless: Flags.boolean({
    summary: 'Sign in the name of this CI job (GitHub Actions, GitLab, Buildkite).',
    helpGroup: 'SIGNING',
  }),
  'fulcio-url': Flags.string({
    default: 'https://fulcio.sigstore.dev',
    summary: 'Certificate authority for --keyless.',
    helpValue: 'URL',
    helpGroup: 'SIGNING',
  }),
  'rekor-url': Flags.string({
    summary: 'Transparency log; for --keyless https://rekor.sigstore.dev unless given.',
    helpValue: 'URL',
    helpGroup: 'SIGNING',
  }),
  'tsa-url': Flags.string({
    summary: 'Time stamping authority (RFC 3161).',
    helpValue: 'URL',
    helpGroup: 'SIGNING',
  }),
  'oidc-audience': Flags.string({
    default: 'sigstore',
    summary: 'Audience of the identity token for --keyless.',
    helpValue: 'NAME',
    helpGroup: 'SIGNING',
  }),
}

export interface SigningFlags {
  readonly key: string | undefined
  readonly 'passphrase-file': string | undefined
  readonly keyless: boolean | undefined
  readonly 'fulcio-url': string
  readonly 'rekor-url': string | undefined
  readonly 'tsa-url': string | undefined
  readonly 'oidc-audience': string
}

/**
 * What the flags ask for; the key is read here.
 *
 * @throws {ProblemError} BCN_ATTEST_SIGNER, BCN_ATTEST_SERVICE_URL, BCN_ATTEST_KEY_…
 */
export async function resolveSigning(flags: SigningFlags, { cwd, env }: Host): Promise<SigningMethod> {
  if ((flags.keyless === true) === (flags.key !== undefined)) throw problems.BCN_ATTEST_SIGNER({})
  const [rekorUrl, tsaUrl] = (['rekor-url', 'tsa-url'] as const).map((flag) => checkUrl(flags, flag))
  const witnesses = { ...(rekorUrl && { rekorUrl }), ...(tsaUrl && { tsaUrl }) }
  if (flags.key !== undefined) {
    const file = flags['passphrase-file']
    const passphrase = await readPassphrase(env, file && resolve(cwd, file))
    return {
      kind: 'key',
      privateKey: await loadPrivateKey(resolve(cwd, flags.key), passphrase),
      services: witnesses,
    }
  }
  const services = {
    rekorUrl: 'https://rekor.sigstore.dev',
    ...witnesses,
    fulcioUrl: checkUrl(flags, 'fulcio-url') ?? '',
  }
  return { kind: 'keyless', audience: flags['oidc-audience'], services }
}

function checkUrl(flags: SigningFlags, flag: 'fulcio-url' | 'rekor-url' | 'tsa-url'): string | undefined {
  const value = flags[flag]
  if (value === undefined) return undefined
  const isHttp = URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol)
  if (!isHttp) throw problems.BCN_ATTEST_SERVICE_URL({ flag: `--${flag}`, value })
  return value.replace(/\/+$/, '')
}
