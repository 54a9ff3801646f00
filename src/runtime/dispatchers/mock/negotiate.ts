/** A media range of `Accept` with its weight (RFC 9110 §12.5.1). */
interface Accepted {
  readonly range: string
  readonly weight: number
}

/**
 * The first of the media types that a client likes best; undefined where it takes none of them.
 *
 * @param types media types in lower case, without parameters
 */
export function negotiate(accept: string | undefined, types: readonly string[]): string | undefined {
  if (accept === undefined || accept.trim() === '') return types[0]
  const accepted = accept.split(',').map(acceptedOf)
  let best: string | undefined
  let bestWeight = 0
  for (const type of types) {
    const weight = weightOf(type, accepted)
    if (weight <= bestWeight) continue
    best = type
    bestWeight = weight
  }
  return best
}

function acceptedOf(text: string): Accepted {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
  return {
    range,
    weight:
      weight === undefined ? 1 : /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(weight) ? Number(weight) : 0,
  }
}

/** The most specific range that has the type says how much it is liked. */
function weightOf(type: string, accepted: readonly Accepted[]): number {
  const family = `${type.slice(0, type.indexOf('/'))}/*`
  for (const range of [type, family, '*/*']) {
    const found = accepted.find((one) => one.range === range)
    if (found !== undefined) return found.weight
  }
  return 0
}
