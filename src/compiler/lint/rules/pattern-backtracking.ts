import { appendPointer, isObject } from '../../../domain/index.ts'
import { backtrackingOf, type Backtracking } from '../../pattern/index.ts'
import { requestSchemas } from '../request-schemas.ts'
import type { ObjectNode } from '../routes.ts'
import type { Rule } from '../rule.ts'

const GROWTH: Readonly<Record<Backtracking, string>> = {
  exponential: 'doubles with every few characters',
  polynomial: 'grows with the square of the length, or faster',
}

export const patternBacktracking: Rule = {
  id: 'pattern-backtracking',
  severity: 'warning',
  summary: 'No text can keep a pattern of a request busy.',
  visit: {
    project: ({ set, routes, report }) => {
      for (const schema of requestSchemas(set, routes)) {
        for (const { pointer, pattern, part } of patternsOf(schema)) {
          const growth = backtrackingOf(pattern)
          if (growth === undefined) continue
          const shown = JSON.stringify(pattern.slice(0, 80))
          report({
            at: { document: schema.document, pointer },
            part,
            message: `The time to match ${shown} ${GROWTH[growth]} on texts that do not match`,
            hint: 'Anchor it with ^ and $, and let no two repetitions that follow or contain each other take the same characters.',
          })
        }
      }
    },
  },
}

interface PlacedPattern {
  readonly pointer: string
  readonly pattern: string
  readonly part: 'key' | 'value'
}

const NONE: readonly PlacedPattern[] = []

/** Of patterns that are not valid another rule tells. */
function patternsOf(schema: ObjectNode): readonly PlacedPattern[] {
  const { pattern, patternProperties } = schema.value
  if (pattern === undefined && patternProperties === undefined) return NONE
  const patterns: PlacedPattern[] = []
  if (typeof pattern === 'string')
    patterns.push({ pointer: appendPointer(schema.pointer, 'pattern'), pattern, part: 'value' })
  if (isObject(patternProperties)) {
    const at = appendPointer(schema.pointer, 'patternProperties')
    for (const key of Object.keys(patternProperties)) {
      patterns.push({ pointer: appendPointer(at, key), pattern: key, part: 'key' })
    }
  }
  return patterns
}
