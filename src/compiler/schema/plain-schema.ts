import { applicatorOf, isObject, type Applicator } from '../../domain/index.ts'
import { DraftTarget, type Draft, type DraftValue } from './draft.ts'

/**
 * How deep a schema is nested, without what it refers to; infinite unless it is certain, without asking a validator,
 * that it is valid by the meta-schema of JSON Schema 2020-12 and that ajv compiles each keyword of it by its value alone.
 *
 * @param draft with valid patterns.
 */
export function plainLevels({ schema, known }: Draft): number {
  return (known.levels ??= levelsOf(schema))
}

function levelsOf(schema: DraftValue): number {
  if (typeof schema === 'boolean') return 1
  if (!isObject(schema)) return Infinity
  let below = 0
  for (const keyword of Object.keys(schema)) {
    const member = (schema as Readonly<Record<string, DraftValue>>)[keyword] as DraftValue
    const applicator = applicatorOf.get(keyword)
    if (applicator !== undefined) below = Math.max(below, levelsBelow(keyword, member, applicator))
    else if (isPlainValue.get(keyword)?.(member) !== true) return Infinity
  }
  return below + 1
}

/** What ajv decides by more than the value of the keyword. */
const EXCEPTIONAL = new Set(['unevaluatedItems', 'unevaluatedProperties'])

function levelsBelow(keyword: string, member: DraftValue, { shape }: Applicator): number {
  if (EXCEPTIONAL.has(keyword)) return Infinity
  if (shape === 'one') return levelsOf(member)
  const isOfShape = shape === 'list' ? Array.isArray(member) && member.length > 0 : isObject(member)
  if (!isOfShape) return Infinity
  let levels = 0
  for (const held of Object.values(member as object)) levels = Math.max(levels, levelsOf(held as DraftValue))
  return levels
}

type IsPlainValue = (value: DraftValue) => boolean

const isAny: IsPlainValue = () => true
const isNumber: IsPlainValue = (value) => typeof value === 'number'
const isCount: IsPlainValue = (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0
const isText: IsPlainValue = (value) => typeof value === 'string'
const isFlag: IsPlainValue = (value) => typeof value === 'boolean'

const TYPES = new Set(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'])

const isType: IsPlainValue = (value) =>
  typeof value === 'string'
    ? TYPES.has(value)
    : isNames(value) && value.length > 0 && value.every((name) => TYPES.has(name))

/** A list of texts, each once. */
function isNames(value: DraftValue): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.every((name) => typeof name === 'string') &&
    (value.length < 2 || new Set(value).size === value.length)
  )
}

/** The values of the keywords that are kept, the applicators apart (JSON Schema 2020-12 validation §6 to §9). */
const isPlainValue: ReadonlyMap<string, IsPlainValue> = new Map([
  ['$ref', (value: DraftValue) => value instanceof DraftTarget],
  ['type', isType],
  ['enum', (value: DraftValue) => Array.isArray(value) && value.length > 0],
  ['multipleOf', (value: DraftValue) => typeof value === 'number' && value > 0],
  ['required', isNames],
  ['dependentRequired', (value: DraftValue) => isObject(value) && Object.values(value).every(isNames)],
  ...each(['const', 'default', 'discriminator'], isAny),
  ...each(['maximum', 'exclusiveMaximum', 'minimum', 'exclusiveMinimum'], isNumber),
  ...each(['maxLength', 'minLength', 'maxItems', 'minItems', 'maxContains', 'minContains'], isCount),
  ...each(['maxProperties', 'minProperties'], isCount),
  ...each(['pattern', 'format'], isText),
  ...each(['uniqueItems', 'readOnly', 'writeOnly'], isFlag),
])

function each(
  keywords: readonly string[],
  check: IsPlainValue,
): readonly (readonly [string, IsPlainValue])[] {
  return keywords.map((keyword) => [keyword, check])
}
