/** `application/json` or any type with the suffix `+json` (RFC 6839 §3.1), without parameters and in lower case. */
export function isJsonType(essence: string): boolean {
  return essence === 'application/json' || essence === 'text/json' || essence.endsWith('+json')
}

export const FORM_TYPE = 'application/x-www-form-urlencoded'

/** The type and subtype of a Content-Type in lower case, or undefined where the text is none (RFC 9110 §8.3.1). */
export function essenceOf(contentType: string): string | undefined {
  const essence = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return /^[!#$%&'*+.^_`|~0-9a-z-]+\/[!#$%&'*+.^_`|~0-9a-z-]+$/.test(essence) ? essence : undefined
}

/** The `charset` parameter of a Content-Type in lower case. */
export function charsetOf(contentType: string): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1]?.toLowerCase()
}

/** True where a media range (`a/b`, `a/*`, `*` + `/*`; lower case) covers a type. */
export function covers(range: string, essence: string): boolean {
  if (range === '*/*' || range === essence) return true
  return range.endsWith('/*') && essence.startsWith(range.slice(0, -1))
}
