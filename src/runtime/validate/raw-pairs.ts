import { decodeForm, decodePercent } from './decode-text.ts'

/** A name, decoded, and its value as it was sent. */
export interface RawPair {
  readonly name: string
  readonly raw: string
}

/** Splits the query of a URI, or a form body, at `&` and the first `=`. @throws {MalformedEscape} for a name */
export function splitQuery(query: string): readonly RawPair[] {
  const pairs: RawPair[] = []
  let start = 0
  while (start < query.length) {
    const next = query.indexOf('&', start)
    const end = next === -1 ? query.length : next
    if (end > start) pairs.push(pairOf(query.slice(start, end), decodeForm))
    start = end + 1
  }
  return pairs
}

/** Splits the values of `Cookie` fields (RFC 6265 §4.2.1). */
export function splitCookies(values: readonly string[]): readonly RawPair[] {
  return values
    .flatMap((value) => value.split(';'))
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '')
    .map((piece) => pairOf(piece, (name) => name))
}

/** Splits each cookie's text at `&`, which `form` with `explode` puts between the items of one cookie. */
export function splitExploded(pairs: readonly RawPair[]): readonly RawPair[] {
  return pairs.flatMap(({ name, raw }) =>
    raw.includes('&')
      ? `${name}=${raw}`.split('&').map((piece) => pairOf(piece, decodePercent))
      : [{ name, raw }],
  )
}

function pairOf(piece: string, decodeName: (raw: string) => string): RawPair {
  const equals = piece.indexOf('=')
  return equals === -1
    ? { name: decodeName(piece), raw: '' }
    : { name: decodeName(piece.slice(0, equals)), raw: piece.slice(equals + 1) }
}
