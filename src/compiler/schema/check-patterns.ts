import { appendPointer, isObject } from '../../domain/index.ts'
import { backtrackingOf, isHarmless, linearPattern, patternFault } from '../pattern/index.ts'
import type { Findings, SchemaPlace } from './draft.ts'

/**
 * Looks at `pattern` and the keys of `patternProperties`. Reported are those that are no regular expressions, and those
 * that may take exponential time and cannot be matched otherwise; noted are those that the gateway has to guard.
 */
export function checkPatterns(
  { document, pointer, value }: SchemaPlace,
  { report, guarded }: Findings,
): void {
  if (!isObject(value)) return
  const { pattern, patternProperties } = value
  if (pattern === undefined && patternProperties === undefined) return
  const patterns: [string, string][] = []
  if (typeof pattern === 'string') patterns.push([appendPointer(pointer, 'pattern'), pattern])
  if (isObject(patternProperties)) {
    const at = appendPointer(pointer, 'patternProperties')
    for (const key of Object.keys(patternProperties)) patterns.push([appendPointer(at, key), key])
  }
  for (const [at, source] of patterns) {
    const shown = JSON.stringify(source.slice(0, 80))
    const fault = patternFault(source)
    if (fault !== undefined) {
      report({
        at: { document, pointer: at },
        message: `The pattern ${shown} is not valid: ${fault}`,
        hint: 'Write a regular expression of ECMAScript (ECMA-262).',
      })
    } else if (!guard(source, guarded)) {
      report({
        at: { document, pointer: at },
        message: `The pattern ${shown} may take exponential time, and cannot be matched in another way`,
        hint: 'Write it without back references, and without groups that look ahead or behind.',
      })
    }
  }
}

/** False for a pattern that nothing makes safe. */
function guard(source: string, guarded: Map<string, string | null>): boolean {
  if (guarded.has(source) || isHarmless(source)) return true
  const linear = linearPattern(source)
  if (linear === undefined && backtrackingOf(source) !== 'polynomial') return false
  guarded.set(source, linear ?? null)
  return true
}
