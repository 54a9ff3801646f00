import type { JsonValue } from '../../domain/index.ts'
import type { DraftObject, DraftValue } from './draft.ts'

const COMPOSITIONS = ['allOf', 'anyOf', 'oneOf', 'not', '$ref']

/**
 * Rewrites the keywords of OpenAPI 3.0 (§4.7.24) that JSON Schema 2020-12 has not: `nullable` and the boolean
 * `exclusiveMinimum` and `exclusiveMaximum`. A nullable value may be null whatever else the schema says, `enum`
 * included, which is what authors mean by it.
 */
export function modernise(schema: DraftObject, nullable: boolean): DraftObject {
  const exact = withBound(withBound(schema, 'minimum', 'exclusiveMinimum'), 'maximum', 'exclusiveMaximum')
  if (!nullable) return exact
  if (COMPOSITIONS.some((keyword) => Object.hasOwn(exact, keyword)))
    return { anyOf: [{ type: 'null' }, exact] }
  const { type, enum: values, ...rest } = exact
  return {
    ...rest,
    ...(type === undefined ? {} : { type: withNull(type, 'null') }),
    ...(values === undefined ? {} : { enum: withNull(values, null) }),
  }
}

function withBound(schema: DraftObject, bound: string, exclusive: string): DraftObject {
  const isExclusive = schema[exclusive]
  if (typeof isExclusive !== 'boolean') return schema
  const entries = Object.entries(schema).filter(([keyword]) => keyword !== exclusive)
  if (!isExclusive) return Object.fromEntries(entries)
  return Object.fromEntries(
    entries.map(([keyword, value]) => [keyword === bound ? exclusive : keyword, value]),
  )
}

function withNull(value: DraftValue, nothing: JsonValue): DraftValue {
  const list: readonly DraftValue[] = Array.isArray(value) ? (value as readonly DraftValue[]) : [value]
  return list.includes(nothing) ? list : [...list, nothing]
}
