import { comparePaths } from '../../domain/index.ts'

/** A media type or range in lower case and without parameters (RFC 9110 §8.3.1). */
export function essenceOf(mediaType: string): string {
  return (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase()
}

/** True for `type/subtype`, a range such as `text/*`, and the range of everything (RFC 9110 §12.5.1). */
export function isMediaRange(essence: string): boolean {
  return /^(?:\*\/\*|[!#$%&'+.^_`|~\w-]+\/(?:\*|[!#$%&'+.^_`|~\w-]+))$/.test(essence)
}

/** The most specific range first, then by their text. */
export function compareRanges(a: string, b: string): number {
  return specificity(b) - specificity(a) || comparePaths(a, b)
}

function specificity(range: string): number {
  return range === '*/*' ? 0 : range.endsWith('/*') ? 1 : 2
}

/** True where `encoding` has a meaning: forms and multipart bodies (OpenAPI 3.1 §4.8.14). */
export function isEncoded(range: string): boolean {
  return range === 'application/x-www-form-urlencoded' || range.startsWith('multipart/')
}
