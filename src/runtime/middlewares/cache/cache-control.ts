import type { Fields } from '../../http/index.ts'

/** The directives of `Cache-Control` by lower-case name; those without an argument have the empty text. */
export type Directives = ReadonlyMap<string, string>

const DIRECTIVE = /([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?/g

const NONE: Directives = new Map()

/** Reads every `Cache-Control` of a message (RFC 9111 §5.2); the first of two directives of one name counts. */
export function directivesOf(headers: Fields): Directives {
  if (!headers.has('cache-control')) return NONE
  const directives = new Map<string, string>()
  for (const value of headers.values('cache-control')) {
    for (const [, name = '', quoted, plain] of value.matchAll(DIRECTIVE)) {
      const key = name.toLowerCase()
      if (!directives.has(key)) directives.set(key, quoted ?? plain ?? '')
    }
  }
  return directives
}

/** The seconds of a directive; undefined where it is not there, 0 where it is malformed (§4.2.1: stale). */
export function secondsOf(directives: Directives, name: string): number | undefined {
  const text = directives.get(name)
  if (text === undefined) return undefined
  return /^\d+$/.test(text) ? Math.min(Number(text), 2_147_483_648) : 0
}
