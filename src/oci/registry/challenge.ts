/** One challenge of a `WWW-Authenticate` header. */
export interface Challenge {
  /** Lower case, e.g. `bearer`. */
  readonly scheme: string
  readonly parameters: ReadonlyMap<string, string>
}

const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y
// oxlint-disable-next-line no-control-regex -- control characters are what it keeps out
const QUOTED = /"((?:[^"\\\u0000-\u0008\u000a-\u001f\u007f]|\\[\t\u0020-\u007e])*)"/y
const TOKEN68 = /[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|$))/y

/**
 * Reads the challenges of a `WWW-Authenticate` header (RFC 9110 §11.6.1), strictly: a duplicate parameter, a stray
 * character or an open quote refuses the whole header.
 *
 * @throws {SyntaxError}
 */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: Challenge[] = []
  const cursor = { at: 0 }
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = cursor.at
    const match = pattern.exec(header)
    if (match === null) return undefined
    cursor.at = pattern.lastIndex
    return match[1] ?? match[0]
  }
  const fail = () => new SyntaxError(`the WWW-Authenticate header is not valid at character ${cursor.at + 1}`)
  skipSeparators(take)
  while (cursor.at < header.length) {
    const scheme = take(TOKEN)
    if (scheme === undefined) throw fail()
    const parameters = take(/ +/y) === undefined ? new Map<string, string>() : readParameters(take, fail)
    challenges.push({ scheme: scheme.toLowerCase(), parameters })
    if (cursor.at < header.length && !skipSeparators(take)) throw fail()
  }
  return challenges
}

type Take = (pattern: RegExp) => string | undefined

function readParameters(take: Take, fail: () => SyntaxError): Map<string, string> {
  const parameters = new Map<string, string>()
  // A parameter is a token with an equals sign that is not the padding of a token68.
  for (;;) {
    const name = take(/([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*=(?=[ \t]*["!#$%&'*+.^_`|~0-9A-Za-z-])[ \t]*/y)
    if (name === undefined) break
    const key = name.toLowerCase()
    const value = take(QUOTED)?.replaceAll(/\\(.)/g, '$1') ?? take(TOKEN)
    if (value === undefined || parameters.has(key)) throw fail()
    parameters.set(key, value)
    const next = take(
      /[ \t]*(?:,[ \t]*)+(?=[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \t]*=[ \t]*["!#$%&'*+.^_`|~0-9A-Za-z-])/y,
    )
    if (next === undefined) break
  }
  if (parameters.size === 0) take(TOKEN68)
  return parameters
}

function skipSeparators(take: Take): boolean {
  return take(/[ \t]*(?:,[ \t]*)+|[ \t]+$/y) !== undefined
}
