import type { RawHeaders } from './port.ts'

/** The values of a header, in their order; `name` in lower case. */
export function headerValues(headers: RawHeaders, name: string): readonly string[] {
  const values: string[] = []
  for (let index = 0; index < headers.length; index += 2) {
    if (isNamed(headers[index] as string, name)) values.push(headers[index + 1] as string)
  }
  return values
}

/** The first value of a header, or undefined; `name` in lower case. */
export function firstHeader(headers: RawHeaders, name: string): string | undefined {
  for (let index = 0; index < headers.length; index += 2) {
    if (isNamed(headers[index] as string, name)) return headers[index + 1]
  }
  return undefined
}

/** Header names that a hop consumes (RFC 9110 §7.6.1), with those of older practice that still occur. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-authentication-info',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * The headers that go on to the next hop: all but the hop-by-hop ones, those that `Connection` names, and the given
 * ones (lower case). Order, case and repetitions are kept.
 */
export function endToEndHeaders(headers: RawHeaders, dropped: ReadonlySet<string>): string[] {
  const kept: string[] = []
  const named = connectionOptions(headers)
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string
    const lower = name.toLowerCase()
    if (HOP_BY_HOP.has(lower) || dropped.has(lower) || named?.has(lower) === true) continue
    kept.push(name, headers[index + 1] as string)
  }
  return kept
}

function connectionOptions(headers: RawHeaders): ReadonlySet<string> | undefined {
  const values = headerValues(headers, 'connection')
  if (values.length === 0) return undefined
  const options = values.flatMap((value) => value.split(',')).map((option) => option.trim().toLowerCase())
  return new Set(options)
}

function isNamed(actual: string, lowerName: string): boolean {
  return actual.length === lowerName.length && (actual === lowerName || actual.toLowerCase() === lowerName)
}
