import { isObject, type JsonObject, type JsonValue } from '../../../domain/index.ts'

export interface ClaimRules {
  readonly issuer: string | undefined
  /** One of them has to be in `aud`; any where there are none. */
  readonly audiences: readonly string[]
  readonly requiredScopes: readonly string[]
  readonly skewSeconds: number
}

/** Why the claims of a token do not do, or undefined (RFC 7519 §4.1). */
export function claimFault(claims: JsonObject, rules: ClaimRules, nowSeconds: number): string | undefined {
  const { exp, nbf, iss, aud } = claims
  if (typeof exp !== 'number' || !Number.isFinite(exp)) return 'The token does not say when it ends.'
  if (exp + rules.skewSeconds <= nowSeconds) return 'The token has expired.'
  if (nbf !== undefined && (typeof nbf !== 'number' || nbf - rules.skewSeconds > nowSeconds)) {
    return 'The token is not valid yet.'
  }
  if (rules.issuer !== undefined && iss !== rules.issuer) return 'The token is of another issuer.'
  if (rules.audiences.length > 0) {
    const named = Array.isArray(aud) ? (aud as readonly JsonValue[]) : [aud]
    if (!rules.audiences.some((audience) => named.includes(audience)))
      return 'The token is for another audience.'
  }
  return undefined
}

/** The scopes of a token: `scope` (RFC 8693 §4.2) or `scp`, a text with spaces or a list. */
export function scopesOf(claims: JsonObject): readonly string[] {
  return textsOf(claims['scope'] ?? claims['scp'])
}

/** The texts at a claim; dots lead into objects where there is no claim of that name. */
export function groupsAt(claims: JsonObject, path: string | undefined): readonly string[] {
  if (path === undefined) return []
  if (Object.hasOwn(claims, path)) return textsOf(claims[path])
  let value: unknown = claims
  for (const name of path.split('.')) {
    value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
  }
  return textsOf(value)
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split(' ').filter((part) => part !== '')
  return Array.isArray(value)
    ? value.filter((part): part is string => typeof part === 'string' && part !== '')
    : []
}
