import { RE2JS } from 're2js'

import { schemaDialect, type GuardedPatterns } from '../../domain/index.ts'

/** A `pattern`, ready to be matched. */
export interface MatchPattern {
  readonly test: (text: string) => boolean
}

export type MakePattern = (source: string, flags: string) => MatchPattern

/** A pattern that is quadratic in the text is not asked about a longer one. */
const MAX_CHARACTERS = 1000

/**
 * Makes the patterns of a plan. Those that could keep the node busy are matched by RE2, which takes time that grows with
 * the text; where RE2 has no way to say one, texts of more than 1,000 characters do not match it.
 */
export function patternMaker(guarded: GuardedPatterns = {}): MakePattern {
  return (source, flags) => {
    const linear = Object.hasOwn(guarded, source) ? guarded[source] : undefined
    if (typeof linear === 'string') return RE2JS.compile(linear)
    const pattern = schemaDialect.code.regExp(source, flags)
    if (linear === undefined) return pattern
    return { test: (text) => text.length <= MAX_CHARACTERS && pattern.test(text) }
  }
}
