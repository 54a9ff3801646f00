import { hash, timingSafeEqual } from 'node:crypto'

import type { GatewayRequest } from '../http/index.ts'
import { jsonAnswer, withHeader, type Answer } from './answer.ts'

/** Who may ask the admin listener. Where both are asked for, both are needed. */
export interface AdminAccess {
  /** What callers have to present as a bearer token; undefined where none is asked for. */
  readonly token: string | undefined
  /** Whether they have to show a certificate. */
  readonly needsCertificate: boolean
}

/** What probes of Kubernetes and load balancers ask for: they can present neither a secret nor a certificate. */
const OPEN_PATHS: ReadonlySet<string> = new Set(['/health', '/ready'])

/** Compares the bearer token of requests with one that is known, in the same time whatever they present. */
export function createTokenCheck(token: string): (request: Pick<GatewayRequest, 'headers'>) => boolean {
  const expected = hash('sha256', `Bearer ${token}`, 'buffer')
  return ({ headers }) =>
    timingSafeEqual(hash('sha256', headers.get('authorization') ?? '', 'buffer'), expected)
}

/** The answer to whoever has not presented the token. */
export function unauthorized(): Answer {
  return withHeader(jsonAnswer(401, { error: 'not authorized' }), 'www-authenticate', 'Bearer')
}

/**
 * Says why a request is not answered; undefined where it may be.
 *
 * @param ownToken paths that ask for a token of their own
 */
export function createAdminGuard(
  { token, needsCertificate }: AdminAccess,
  ownToken: ReadonlySet<string>,
): (request: GatewayRequest) => Answer | undefined {
  const presentsToken = token === undefined ? undefined : createTokenCheck(token)
  return (request) => {
    if (isForwarded(request)) return jsonAnswer(403, { error: 'not through a gateway' })
    if (OPEN_PATHS.has(request.path)) return undefined
    if (needsCertificate && request.isPeerVerified !== true)
      return jsonAnswer(403, { error: 'no certificate of a known authority' })
    if (presentsToken === undefined || ownToken.has(request.path) || presentsToken(request)) return undefined
    return unauthorized()
  }
}

/** A route can lead to any address: what came through this or another gateway says so itself (RFC 9110 §7.6.3). */
function isForwarded({ headers }: GatewayRequest): boolean {
  const hops = headers.values('via').join(',').split(',')
  return hops.some((hop) => /^\s*\S+\s+barbacane\s*$/i.test(hop))
}
