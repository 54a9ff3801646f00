import type { Fields } from '../http/index.ts'

/** Who sent a request, as an authenticating middleware found it. */
export interface Identity {
  readonly consumer: string
  readonly groups: readonly string[]
  readonly scope?: string
}

/** The header fields of an identity, encoded once. */
export interface IdentityFields {
  readonly consumer: string
  readonly groups: string
  readonly scope: string | undefined
}

const CONSUMER_FIELD = 'x-auth-consumer'
const GROUPS_FIELD = 'x-auth-consumer-groups'
const SCOPE_FIELD = 'x-auth-scope'

export function identityFields({ consumer, groups, scope }: Identity): IdentityFields {
  return {
    consumer: encode(consumer),
    groups: groups.map(encode).join(','),
    scope: scope === undefined || scope === '' ? undefined : encode(scope),
  }
}

/** Tells the rest of the chain and the service who sent a request. */
export function setIdentity(headers: Fields, { consumer, groups, scope }: IdentityFields): void {
  headers.setKnown(CONSUMER_FIELD, consumer)
  if (groups === '') headers.remove(GROUPS_FIELD)
  else headers.setKnown(GROUPS_FIELD, groups)
  if (scope !== undefined) headers.setKnown(SCOPE_FIELD, scope)
}

export function consumerOf(headers: Fields): string | undefined {
  const value = headers.get(CONSUMER_FIELD)
  return value === undefined ? undefined : decode(value)
}

export function groupsOf(headers: Fields): readonly string[] {
  const value = headers.get(GROUPS_FIELD)
  return value === undefined || value === '' ? [] : value.split(',').map((group) => decode(group.trim()))
}

/** Percent-encodes what no field value or no member of its list can hold, and the sign of doing so. */
function encode(text: string): string {
  return /^[\u0021-\u0024\u0026-\u002b\u002d-\u007e]+( [\u0021-\u0024\u0026-\u002b\u002d-\u007e]+)*$/.test(
    text,
  )
    ? text
    : encodeURIComponent(text.toWellFormed())
}

function decode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch (error) {
    // A plugin may have set a text that only looks encoded.
    if (error instanceof URIError) return text
    throw error
  }
}
