import type { Signer } from '@sigstore/verify'

import { describeAccepted, type TrustedIdentity, type VerificationPolicy } from '../policy/policy.ts'
import { verifyProblems as problems } from '../verify-problems.ts'

/** What a certificate authority certified about the signer; shapes: Fulcio's certificate specification. */
export interface CertifiedIdentity {
  /** The subject alternative name, e.g. the URL of a workflow at a ref. */
  readonly identity: string
  /** The OIDC issuer that vouched for it. */
  readonly issuer: string
  /** The repository (extension 1.3.6.1.4.1.57264.1.12), where the certificate has one. */
  readonly repository?: string
  /** The commit (1.3.6.1.4.1.57264.1.13), where the certificate has one. */
  readonly commit?: string
  /** The CI run (1.3.6.1.4.1.57264.1.21), where the certificate has one. */
  readonly invocation?: string
}

const FULCIO_ARC = '1.3.6.1.4.1.57264.1'

/**
 * Checks that a rule of the policy accepts the certified identity: issuer and identity both, each wholly.
 *
 * @throws {ProblemError} BCN_VERIFY_IDENTITY
 */
export function matchIdentity(certified: Signer['identity'], policy: VerificationPolicy): CertifiedIdentity {
  const identity = certified?.subjectAlternativeName
  const issuer = certified?.extensions?.issuer
  const expected = describeAccepted(policy)
  if (!identity || !issuer) {
    throw problems.BCN_VERIFY_IDENTITY({ found: 'a certificate without identity or issuer', expected })
  }
  if (!policy.identities.some((rule) => accepts(rule, identity, issuer))) {
    throw problems.BCN_VERIFY_IDENTITY({ found: `${identity} of ${issuer}`, expected })
  }
  return {
    identity,
    issuer,
    ...optional('repository', extension(certified, 12)),
    ...optional('commit', extension(certified, 13)),
    ...optional('invocation', extension(certified, 21)),
  }
}

function accepts(rule: TrustedIdentity, identity: string, issuer: string): boolean {
  if (rule.issuer !== issuer) return false
  return typeof rule.identity === 'string' ? rule.identity === identity : rule.identity.test(identity)
}

// Extensions from .8 on hold a DER UTF8String: tag 0x0c, a length, the text.
function extension(certified: Signer['identity'], arc: number): string | undefined {
  const found = certified?.oids?.find(({ oid }) => oid?.id.join('.') === `${FULCIO_ARC}.${arc}`)?.value
  if (found === undefined || found[0] !== 0x0c) return undefined
  const first = found[1] ?? 0
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  return found.subarray(2 + lengthBytes).toString('utf8')
}

function optional<K extends string>(key: K, value: string | undefined): { readonly [key in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [key in K]?: string })
}
