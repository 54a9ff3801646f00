/** How a location encodes text. */
export type TextDecoding = (raw: string) => string

/** A percent-escape is incomplete or does not stand for UTF-8. */
export class MalformedEscape extends Error {}

/** Percent-decodes once (RFC 3986 §2.1). @throws {MalformedEscape} */
export function decodePercent(raw: string): string {
  if (!raw.includes('%')) return raw
  try {
    return decodeURIComponent(raw)
  } catch (error) {
    if (error instanceof URIError) throw new MalformedEscape('has a malformed percent-escape')
    throw error
  }
}

/** Percent-decodes, `+` standing for a space as in application/x-www-form-urlencoded. @throws {MalformedEscape} */
export function decodeForm(raw: string): string {
  return decodePercent(raw.includes('+') ? raw.replaceAll('+', ' ') : raw)
}

/** Header fields and cookies of style `cookie` carry their text as it is. */
export function decodeNothing(raw: string): string {
  return raw
}
