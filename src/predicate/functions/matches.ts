import { RE2JS } from 're2js'

import { Failure, type Budget, type Result, type Value } from '../values/index.ts'
import { signature, type FunctionDefinition } from './definition.ts'

/** Patterns that come from data are compiled for one use, which costs more than the matching. */
const MAX_DYNAMIC_LENGTH = 256
const UNITS_PER_PATTERN_CHARACTER = 50
const MATCHED_PER_UNIT = 8

/** A regular expression of RE2, which matches in time linear in the text. */
export interface Pattern {
  readonly test: (budget: Budget, text: string) => boolean
}

/** Compiles a pattern of RE2; a failure says what is wrong with it. */
export function compilePattern(source: string): Pattern | Failure {
  let compiled: RE2JS
  try {
    compiled = RE2JS.compile(source)
  } catch (error) {
    return new Failure(`not a regular expression of RE2: ${(error as Error).message}`)
  }
  const weight = Math.max(1, Math.ceil(source.length / 16))
  return {
    test: (budget, text) => {
      budget.spend(weight * Math.ceil((text.length + 1) / MATCHED_PER_UNIT))
      return compiled.test(text)
    },
  }
}

function matches(budget: Budget, text: Value, pattern: Value): Result | undefined {
  if (typeof text !== 'string' || typeof pattern !== 'string') return undefined
  if (pattern.length > MAX_DYNAMIC_LENGTH) {
    return new Failure(`a pattern that is no literal may have ${MAX_DYNAMIC_LENGTH} characters`)
  }
  budget.spend((pattern.length + 1) * UNITS_PER_PATTERN_CHARACTER)
  const compiled = compilePattern(pattern)
  return compiled instanceof Failure ? compiled : compiled.test(budget, text)
}

export const matching: readonly FunctionDefinition[] = [
  { name: 'matches', style: 'both', signatures: [signature(['string', 'string'], 'bool')], apply: matches },
]
