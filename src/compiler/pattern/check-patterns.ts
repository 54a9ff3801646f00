import { appendPointer, isObject } from '../../domain/index.ts'
import type { ReportSchemaFault, SchemaPlace } from '../document/index.ts'
import { backtrackingOf, isHarmless } from './backtracking.ts'
import { linearPattern } from './linear-pattern.ts'
import { patternFault } from './pattern-fault.ts'

/** Takes what is found out about patterns. */
interface PatternFindings {
  readonly report: ReportSchemaFault
  /** The patterns that the gateway must not match by backtracking, as the plan has them. */
  readonly guarded: Map<string, string | null>
}

/**
 * Looks at `pattern` and the keys of `patternProperties`. Reported are those that are no regular expressions, and those
 * that may take exponential time and cannot be matched otherwise; noted are those that the gateway has to guard.
 *
 * @param areInvalidKnown true where something else tells of patterns that are no regular expressions.
 */
export function checkPatterns(
  { document, pointer, value }: SchemaPlace,
  { report, guarded }: PatternFindings,
  areInvalidKnown = false,
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
      if (areInvalidKnown) continue
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
