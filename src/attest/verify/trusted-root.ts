import type { TrustedRoot } from '@sigstore/protobuf-specs'

import { isObject } from '../../domain/index.ts'
import type { TrustedRootSource } from '../policy/policy.ts'
import { verifyProblems as problems } from '../verify-problems.ts'

const PUBLIC_GOOD = 'https://tuf-repo-cdn.sigstore.dev'

/**
 * The certificate authorities, logs and time stamping authorities to believe: those of the file, or those of the
 * public-good instance of Sigstore as they were when this version of @sigstore/tuf was published. No network.
 *
 * @throws {ProblemError} BCN_VERIFY_TRUSTED_ROOT
 */
export async function openTrustedRoot(source?: TrustedRootSource): Promise<TrustedRoot> {
  const { TrustedRoot } = await import('@sigstore/protobuf-specs')
  const { path, json } = source ?? (await publicGoodRoot())
  const fault = (reason: string, cause?: unknown) =>
    problems.BCN_VERIFY_TRUSTED_ROOT({ path, reason }, { cause })
  if (!isObject(json) || !String(json['mediaType']).startsWith('application/vnd.dev.sigstore.trustedroot')) {
    throw fault('it is not a Sigstore trusted root')
  }
  try {
    return TrustedRoot.fromJSON(json)
  } catch (error) {
    throw fault((error as Error).message, error)
  }
}

/** A root that trusts nobody, for bundles that are verified by a key alone. */
export const emptyRoot: TrustedRoot = {
  mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
  tlogs: [],
  certificateAuthorities: [],
  ctlogs: [],
  timestampAuthorities: [],
}

async function publicGoodRoot(): Promise<TrustedRootSource> {
  const { default: seeds } = await import('@sigstore/tuf/seeds.json', { with: { type: 'json' } })
  const encoded = seeds[PUBLIC_GOOD].targets['trusted_root.json']
  return { path: PUBLIC_GOOD, json: JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as unknown }
}
