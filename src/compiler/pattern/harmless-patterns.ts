import { isObject } from '../../domain/index.ts'
import { isHarmless } from './backtracking.ts'

/** False for schemas with patterns that could keep the compiler busy: neither descriptions nor plugins are trusted. */
export function hasHarmlessPatterns(schema: unknown): boolean {
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
