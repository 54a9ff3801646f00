import { comparePaths } from '../../domain/index.ts'

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
