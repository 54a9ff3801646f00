import { appendPointer, isObject } from '../../domain/index.ts'
import { patternFault } from '../pattern/index.ts'
import type { ReportFault, SchemaPlace } from './draft.ts'

/** Reports `pattern` and the keys of `patternProperties` that are no regular expressions. */
export function checkPatterns({ document, pointer, value }: SchemaPlace, report: ReportFault): void {
  if (!isObject(value)) return
  const { pattern, patternProperties } = value
  const patterns: [string, string][] = []
  if (typeof pattern === 'string') patterns.push([appendPointer(pointer, 'pattern'), pattern])
  if (isObject(patternProperties)) {
    const at = appendPointer(pointer, 'patternProperties')
    for (const key of Object.keys(patternProperties)) patterns.push([appendPointer(at, key), key])
  }
  for (const [at, source] of patterns) {
    const fault = patternFault(source)
    if (fault === undefined) continue
    const message = `The pattern ${JSON.stringify(source.slice(0, 80))} is not valid: ${fault}`
    report({
      at: { document, pointer: at },
      message,
      hint: 'Write a regular expression of ECMAScript (ECMA-262).',
    })
  }
}
