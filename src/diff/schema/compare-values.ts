import { canonicalJson, type JsonValue } from '../../domain/index.ts'
import type { KeywordComparison } from './comparison.ts'

const TYPES = ['null', 'boolean', 'object', 'array', 'number', 'string']
/** What is read as text unless a narrower type says otherwise. */
const WRITTEN_AS_TEXT = ['integer', 'number', 'boolean']

/** The types that `type` allows; all of them without it. `number` includes `integer`. */
export function typesOf(type: JsonValue | undefined): ReadonlySet<string> {
  const listed = typeof type === 'string' ? [type] : Array.isArray(type) ? type.map(String) : TYPES
  return new Set(listed.includes('number') ? [...listed, 'integer'] : listed)
}

/** `type`: JSON Schema 2020-12 validation §6.1.1. */
export const compareTypes: KeywordComparison = ({ before, after, pointer }, { report, isText }) => {
  const [was, is] = [typesOf(before['type']), typesOf(after['type'])]
  const values = { before: before['type'], after: after['type'] }
  const accepts = (type: string) =>
    is.has(type) || (isText && is.has('string') && WRITTEN_AS_TEXT.includes(type))
  if ([...was].some((type) => !accepts(type))) report('schema-type-narrowed', `${pointer}/type`, values)
  else if ([...is].some((type) => !was.has(type)) || [...was].some((type) => !is.has(type)))
    report('schema-type-widened', `${pointer}/type`, values)
}

/** `enum` and `const`, which is an `enum` of one here: §6.1.2 and §6.1.3. */
export const compareEnums: KeywordComparison = ({ before, after, pointer }, { report }) => {
  const [was, is] = [textsOf(before['enum']), textsOf(after['enum'])]
  const values = { before: before['enum'], after: after['enum'] }
  const at = `${pointer}/enum`
  if (was === undefined && is === undefined) return
  if (is === undefined) return report('schema-enum-widened', at, values)
  if (was === undefined) return report('schema-enum-narrowed', at, values)
  if ([...was].some((text) => !is.has(text))) report('schema-enum-narrowed', at, values)
  if ([...is].some((text) => !was.has(text))) report('schema-enum-widened', at, values)
}

function textsOf(values: JsonValue | undefined): ReadonlySet<string> | undefined {
  return Array.isArray(values) ? new Set((values as readonly JsonValue[]).map(canonicalJson)) : undefined
}
