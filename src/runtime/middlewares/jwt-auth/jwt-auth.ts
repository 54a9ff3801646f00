import type { JsonObject } from '../../../domain/index.ts'
import type { Exchange, Handler } from '../../pipeline/index.ts'
import { identityFields, setIdentity } from '../identity.ts'
import type { BuiltMiddleware, MiddlewareContext } from '../middleware.ts'
import { refusalOf } from '../refusal.ts'
import { claimFault, groupsAt, scopesOf, type ClaimRules } from './check-claims.ts'
import { readJwk, readPem } from './key-set.ts'
import { fixedKeys, remoteKeys, type KeySource } from './key-source.ts'
import { TokenCache, type VerifiedToken } from './token-cache.ts'
import { verifyToken } from './verify-token.ts'

const MAX_TOKEN_LENGTH = 16_384
const SCHEME = /^bearer +/i
/** How credentials of the scheme are written (RFC 6750 §2.1). */
const TOKEN = /^[A-Za-z0-9._~+/=-]+$/

/** Lets in who bears a valid token (RFC 6750, RFC 7519). */
export function createJwtAuth(config: JsonObject, context: MiddlewareContext): BuiltMiddleware {
  const { host } = context
  const source = keySourceOf(config, context)
  const audience = config['audience'] as string | readonly string[] | undefined
  const rules: ClaimRules = {
    issuer: config['issuer'] as string | undefined,
    audiences: typeof audience === 'string' ? [audience] : (audience ?? []),
    requiredScopes: (config['required_scopes'] ?? []) as readonly string[],
    skewSeconds: config['clock_skew_seconds'] as number,
  }
  const groupsClaim = config['groups_claim'] as string | undefined
  const cache = new TokenCache(config['max_cached_tokens'] as number)
  const missing = refusalOf('unauthorized', { detail: 'The request has no token.' }, [
    'www-authenticate',
    'Bearer',
  ])
  const unavailable = refusalOf('authentication-unavailable', {}, ['retry-after', '10'])
  const invalid = (exchange: Exchange, detail: string) => {
    const challenge = `Bearer error="invalid_token", error_description="${detail}"`
    exchange.problem('unauthorized', { detail }, ['www-authenticate', challenge])
  }
  const scopes = rules.requiredScopes.join(' ')
  const lacking = refusalOf('forbidden', { detail: 'The token lacks a scope.' }, [
    'www-authenticate',
    `Bearer error="insufficient_scope", scope="${scopes.replaceAll(/["\\]/g, '')}"`,
  ])
  const settle = (exchange: Exchange, verified: VerifiedToken, next: Handler) => {
    if (!hasScopes(verified.claims, rules.requiredScopes)) return lacking(exchange)
    setIdentity(exchange.request.headers, verified.identity)
    exchange.claims = verified.claims
    next(exchange)
  }
  const accept = async (token: string): Promise<VerifiedToken | string | undefined> => {
    const result = await verifyToken(token, source)
    if (result.kind === 'unavailable') return undefined
    if (result.kind === 'refused') return result.reason
    const { claims } = result
    const fault = claimFault(claims, rules, host.nowMs() / 1000)
    if (fault !== undefined) return fault
    const subject = claims['sub']
    if (subject !== undefined && typeof subject !== 'string') return 'The subject of the token is no text.'
    const identity = identityFields({
      consumer: subject ?? '',
      groups: groupsAt(claims, groupsClaim),
      scope: scopesOf(claims).join(' '),
    })
    return { identity, claims, untilSeconds: (claims['exp'] as number) + rules.skewSeconds }
  }
  return {
    origins: typeof config['jwks_url'] === 'string' ? [new URL(config['jwks_url']).origin] : [],
    warm: source.warm,
    handle: (next) => (exchange) => {
      const token = credentialsOf(exchange.request.headers.get('authorization'))
      if (token === undefined) return missing(exchange)
      const generation = source.generation()
      const known = cache.get(token, host.nowMs() / 1000, generation)
      if (known !== undefined) return settle(exchange, known, next)
      // What is remembered had this form when it was new.
      if (!TOKEN.test(token)) return missing(exchange)
      accept(token).then(
        (outcome) =>
          exchange.attempt(() => {
            if (outcome === undefined) return unavailable(exchange)
            if (typeof outcome === 'string') return invalid(exchange, outcome)
            cache.set(token, outcome, generation)
            settle(exchange, outcome, next)
          }),
        (error: unknown) => exchange.fail(error as Error),
      )
    },
  }
}

function keySourceOf(config: JsonObject, { host, log, outbound }: MiddlewareContext): KeySource {
  const { public_key_jwk: jwk, public_key_pem: pem, jwks_url: url } = config
  if (typeof url === 'string') {
    const timeoutMs = (config['jwks_timeout_seconds'] as number) * 1000
    return remoteKeys({
      url,
      refreshMs: (config['jwks_refresh_seconds'] as number) * 1000,
      graceMs: (config['jwks_grace_seconds'] as number) * 1000,
      fetchJson: (address) => outbound.fetchJson(address, timeoutMs),
      monotonicMs: host.monotonicMs,
      log,
    })
  }
  const key = typeof pem === 'string' ? readPem(pem) : readJwk(jwk)
  if (key === undefined) {
    const option = typeof pem === 'string' ? 'public_key_pem' : 'public_key_jwk'
    throw new RangeError(`/${option}: it is no RSA (2048 bits or more), EC or Ed25519 key for signatures`)
  }
  return fixedKeys([key])
}

/** What follows the scheme `Bearer`, whatever it is written of. */
function credentialsOf(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.length > MAX_TOKEN_LENGTH) return undefined
  const scheme = SCHEME.exec(authorization)
  return scheme === null ? undefined : authorization.slice(scheme[0].length)
}

function hasScopes(claims: JsonObject, required: readonly string[]): boolean {
  if (required.length === 0) return true
  const held = scopesOf(claims)
  return required.every((scope) => held.includes(scope))
}
