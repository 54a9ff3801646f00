export interface JsonFault {
  readonly line: number
  readonly column: number
  readonly reason: string
}

const WHITE = /[\t\n\r ]*/y
// oxlint-disable-next-line no-control-regex -- JSON strings hold no raw control characters
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /true|false|null/y

/**
 * Finds the place of the first fault in a text that JSON.parse has refused (RFC 8259), without recursion. The engine's
 * own messages quote the text and do not always name a place.
 */
export function findJsonFault(text: string): JsonFault {
  const scan = new JsonScan(text)
  const reason = scan.run()
  const before = text.slice(0, scan.at).split('\n')
  return { line: before.length, column: (before.at(-1) as string).length + 1, reason }
}

class JsonScan {
  at = 0
  readonly #text: string
  readonly #open: ('{' | '[')[] = []

  constructor(text: string) {
    this.#text = text
  }

  /** Reads values and what stands between them until something does not fit. */
  run(): string {
    for (;;) {
      const fault = this.#value()
      if (fault === 'opened') continue
      if (fault !== undefined) return fault
      const rest = this.#afterValue()
      if (rest !== undefined) return rest
    }
  }

  /** A scalar or an empty container wholly, or the opening of one with content. */
  #value(): string | undefined {
    this.#skip(WHITE)
    const next = this.#text[this.at]
    if (next !== '{' && next !== '[') return this.#scalar()
    this.at += 1
    this.#skip(WHITE)
    if (this.#text[this.at] === (next === '{' ? '}' : ']')) {
      this.at += 1
      return undefined
    }
    this.#open.push(next)
    return next === '[' ? 'opened' : (this.#name() ?? 'opened')
  }

  #scalar(): string | undefined {
    if (this.#skip(STRING) || this.#skip(NUMBER) || this.#skip(WORD)) return undefined
    return this.#text[this.at] === '"' ? this.#brokenString() : this.#expected('a value')
  }

  #name(): string | undefined {
    this.#skip(WHITE)
    if (this.#text[this.at] !== '"') return this.#expected('a member name in quotes')
    if (!this.#skip(STRING)) return this.#brokenString()
    this.#skip(WHITE)
    if (this.#text[this.at] !== ':') return this.#expected('a colon')
    this.at += 1
    return undefined
  }

  /** Closes containers; undefined when another value follows. */
  #afterValue(): string | undefined {
    for (;;) {
      this.#skip(WHITE)
      const container = this.#open.at(-1)
      const next = this.#text[this.at]
      if (container === undefined) return this.#expected('the end')
      if (next === ',') {
        this.at += 1
        return container === '{' ? this.#name() : undefined
      }
      if (next !== (container === '{' ? '}' : ']')) {
        return this.#expected(`a comma or ${container === '{' ? '}' : ']'}`)
      }
      this.at += 1
      this.#open.pop()
    }
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.at
    const length = pattern.exec(this.#text)?.[0].length
    if (length === undefined) return false
    this.at += length
    return true
  }

  #brokenString(): string {
    return 'a string is not closed, or has a raw control character or an unknown escape'
  }

  #expected(what: string): string {
    return this.at >= this.#text.length ? `the text ends where ${what} is expected` : `expected ${what}`
  }
}
