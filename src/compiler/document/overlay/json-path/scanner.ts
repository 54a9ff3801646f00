/** What is wrong with a JSONPath, and at which character (from 1). */
export class PathSyntaxError extends Error {
  constructor(message: string, at: number) {
    super(`${message} (character ${at + 1})`)
  }
}

/** Reads a text from left to right. */
export interface Scanner {
  readonly skipSpace: () => void
  /** Takes the text if it comes next. */
  readonly take: (text: string) => boolean
  /** Takes what the sticky pattern matches here. */
  readonly match: (pattern: RegExp) => string | undefined
  readonly expect: (text: string) => void
  readonly isAtEnd: () => boolean
  readonly fail: (message: string) => never
}

export function createScanner(text: string): Scanner {
  let at = 0
  const fail = (message: string): never => {
    throw new PathSyntaxError(message, at)
  }
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    at += found?.length ?? 0
    return found
  }
  const take = (wanted: string): boolean => {
    if (!text.startsWith(wanted, at)) return false
    at += wanted.length
    return true
  }
  return {
    match,
    take,
    fail,
    skipSpace: () => void match(/[ \t\n\r]*/y),
    expect: (wanted) => {
      if (!take(wanted)) fail(`\`${wanted}\` is expected`)
    },
    isAtEnd: () => at === text.length,
  }
}
