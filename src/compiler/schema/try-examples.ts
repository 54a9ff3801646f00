import { isObject, type Finding, type JsonSchema } from '../../domain/index.ts'
import { isHarmless } from '../pattern/index.ts'
import type { SchemaPlace } from './draft.ts'
import type { Validate } from './dry-run.ts'

/** Larger examples are not tried: `uniqueItems` compares each item with each. */
const MAX_NODES = 2000

/** False for schemas with patterns that could keep the compiler busy: descriptions are not trusted. */
export function canBeTried(schema: JsonSchema): boolean {
  const pending: unknown[] = [schema]
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (Array.isArray(value)) pending.push(...(value as readonly unknown[]))
    if (!isObject(value)) continue
    const { pattern, patternProperties } = value
    const keys = isObject(patternProperties) ? Object.keys(patternProperties) : []
    const patterns = typeof pattern === 'string' ? [pattern, ...keys] : keys
    if (!patterns.every(isHarmless)) return false
    pending.push(...Object.values(value))
  }
  return true
}

/** The findings of examples that a schema does not accept (rule `example-valid`), at the part that is wrong. */
export function mismatchesOf(examples: readonly SchemaPlace[], validate: Validate): readonly Finding[] {
  return examples
    .filter(({ value }) => isSmall(value))
    .flatMap(({ document, pointer, value }) =>
      validate(value).map((fault): Finding => ({
        rule: 'example-valid',
        severity: 'warning',
        message: `The example does not match its schema: ${fault.reason}`,
        hint: 'Correct the example, or the schema if the example is right.',
        at: document.locate(pointer + fault.pointer),
      })),
    )
}

function isSmall(value: unknown): boolean {
  const pending = [value]
  for (let count = 0; pending.length > 0; count += 1) {
    const next = pending.pop()
    if (count > MAX_NODES) return false
    if (typeof next === 'object' && next !== null) pending.push(...Object.values(next))
  }
  return true
}
