/** One pair of a query, decoded and as it stands there. */
export interface QueryPair {
  readonly name: string
  readonly value: string
  readonly raw: string
}

/** The pairs of a query in order, read as forms are (`+` is a space); a malformed escape stands for itself. */
export function queryPairs(query: string): readonly QueryPair[] {
  if (query === '') return []
  return query
    .split('&')
    .filter((raw) => raw !== '')
    .map((raw) => {
      const equals = raw.indexOf('=')
      const [name, value] = equals === -1 ? [raw, ''] : [raw.slice(0, equals), raw.slice(equals + 1)]
      return { name: decode(name), value: decode(value), raw }
    })
}

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch (error) {
    if (error instanceof URIError) return spaced
    throw error
  }
}
