import type { KeyObject } from 'node:crypto'

/** A public key that a policy accepts. */
export interface TrustedKey {
  readonly publicKey: KeyObject
  /** Where it was read from, for messages. */
  readonly name: string
}

/** Who may have signed: the subject alternative name of the certificate, and who vouched for it. */
export interface TrustedIdentity {
  /** The OIDC issuer, exactly. */
  readonly issuer: string
  /** The identity, exactly, or an anchored expression for the whole of it. */
  readonly identity: string | RegExp
}

/** Whose signature is accepted, and what else is asked for. */
export interface VerificationPolicy {
  readonly keys: readonly TrustedKey[]
  readonly identities: readonly TrustedIdentity[]
  /** The JSON of a Sigstore trusted root; undefined stands for the public-good instance. */
  readonly trustedRoot?: TrustedRootSource | undefined
  readonly requireSbom: boolean
  readonly requireGit: boolean
}

export interface TrustedRootSource {
  readonly path: string
  readonly json: unknown
}

/**
 * Anchors an expression for an identity, so that it has to match the whole of it.
 *
 * @throws {SyntaxError} when it is no regular expression.
 */
export function anchoredPattern(source: string): RegExp {
  // Compiled alone first: `a)|(b` is no expression by itself but would be one between the anchors.
  new RegExp(source, 'u').test('')
  return new RegExp(`^(?:${source})$`, 'u')
}

/** The policy in words, for messages. */
export function describeAccepted({ keys, identities }: VerificationPolicy): string {
  const accepted = [
    ...keys.map(({ name }) => `the key ${name}`),
    ...identities.map(({ identity, issuer }) => `${describeIdentity(identity)} of ${issuer}`),
  ]
  return accepted.length === 0 ? 'nobody' : accepted.join(' or ')
}

function describeIdentity(identity: string | RegExp): string {
  return typeof identity === 'string' ? identity : `what matches ${identity.source}`
}
