import { canonicalJson, type JsonObject, type JsonValue } from '../../domain/index.ts'
import type { ChangeId } from '../change.ts'
import type { KeywordComparison } from './comparison.ts'

interface Bound {
  readonly value: number
  readonly exclusive: boolean
}

/** `minimum`, `maximum` and their exclusive forms: JSON Schema 2020-12 validation §6.2. */
export const compareRanges: KeywordComparison = ({ before, after, pointer }, { report }) => {
  for (const side of ['minimum', 'maximum'] as const) {
    const [was, is] = [boundOf(before, side), boundOf(after, side)]
    const order = compareBounds(was, is, side)
    if (order === 0) continue
    const values = { before: printBound(was), after: printBound(is) }
    report(order > 0 ? 'schema-range-narrowed' : 'schema-range-widened', `${pointer}/${side}`, values)
  }
}

function boundOf(schema: JsonObject, side: 'minimum' | 'maximum'): Bound | undefined {
  const inclusive = schema[side]
  const exclusive = schema[side === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum']
  const bounds = [
    ...(typeof inclusive === 'number' ? [{ value: inclusive, exclusive: false }] : []),
    ...(typeof exclusive === 'number' ? [{ value: exclusive, exclusive: true }] : []),
  ]
  const [first, second] = bounds
  if (first === undefined || second === undefined) return first
  return compareBounds(first, second, side) > 0 ? second : first
}

/** Above zero where the second is the tighter one. */
function compareBounds(was: Bound | undefined, is: Bound | undefined, side: 'minimum' | 'maximum'): number {
  if (was === undefined || is === undefined) return Number(is !== undefined) - Number(was !== undefined)
  if (was.value === is.value) return Number(is.exclusive) - Number(was.exclusive)
  return side === 'minimum' ? Math.sign(is.value - was.value) : Math.sign(was.value - is.value)
}

function printBound(bound: Bound | undefined): JsonValue | undefined {
  return bound?.exclusive === true ? { exclusive: bound.value } : bound?.value
}

const LIMITS = ['Length', 'Items', 'Properties'].flatMap((what) => [`min${what}`, `max${what}`])

/** The limits of lengths, items and properties: §6.3 to §6.5. */
export const compareLimits: KeywordComparison = ({ before, after, pointer }, { report }) => {
  for (const keyword of LIMITS) {
    const [was, is] = [limitOf(before, keyword), limitOf(after, keyword)]
    if (was === is) continue
    const isTighter = keyword.startsWith('min') ? is > was : is < was
    const values = { before: before[keyword], after: after[keyword] }
    report(isTighter ? 'schema-limit-narrowed' : 'schema-limit-widened', `${pointer}/${keyword}`, values)
  }
}

function limitOf(schema: JsonObject, keyword: string): number {
  const value = schema[keyword]
  if (typeof value === 'number') return value
  return keyword.startsWith('min') ? 0 : Infinity
}

/** `multipleOf`: §6.2.1. Fractions are not divided: their remainders are not exact. */
export const compareMultiples: KeywordComparison = ({ before, after, pointer }, { report }) => {
  const [was, is] = [before['multipleOf'], after['multipleOf']]
  if (was === is) return
  const id = ((): ChangeId => {
    if (typeof was !== 'number') return 'schema-multiple-narrowed'
    if (typeof is !== 'number') return 'schema-multiple-widened'
    if (!Number.isSafeInteger(was) || !Number.isSafeInteger(is)) return 'schema-multiple-changed'
    if (was % is === 0) return 'schema-multiple-widened'
    return is % was === 0 ? 'schema-multiple-narrowed' : 'schema-multiple-changed'
  })()
  report(id, `${pointer}/multipleOf`, { before: was, after: is })
}

const UNIQUE = ['schema-unique-required', 'schema-unique-dropped'] as const

/** `uniqueItems`: §6.4.3. */
export const compareUnique: KeywordComparison = ({ before, after, pointer }, { report }) => {
  const [was, is] = [before['uniqueItems'] === true, after['uniqueItems'] === true]
  if (was !== is) report(is ? UNIQUE[0] : UNIQUE[1], `${pointer}/uniqueItems`, { before: was, after: is })
}

const TEXT_KEYWORDS = ['pattern', 'format'] as const

/** `pattern` and `format`, which are equal or incomparable: §6.3.3 and §7. */
export const compareText: KeywordComparison = ({ before, after, pointer }, { report }) => {
  for (const keyword of TEXT_KEYWORDS) {
    const [was, is] = [before[keyword], after[keyword]]
    if (was === is) continue
    const how = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed'
    report(`schema-${keyword}-${how}`, `${pointer}/${keyword}`, { before: was, after: is })
  }
}

/** Keywords that say something about a value but accept and refuse none: §9. */
export const annotations = ['default', 'readOnly', 'writeOnly', 'discriminator']

/** Compares them. */
export const compareAnnotations: KeywordComparison = ({ before, after, pointer }, { report }) => {
  for (const keyword of annotations) {
    const [was, is] = [before[keyword], after[keyword]]
    if (isEqual(was, is)) continue
    const id = keyword === 'default' ? 'schema-default-changed' : 'schema-annotation-changed'
    report(id, `${pointer}/${keyword}`, { before: was, after: is })
  }
}

/** True for the same JSON value, or where both are absent. */
export function isEqual(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return a === b || canonicalJson(a) === canonicalJson(b)
}
