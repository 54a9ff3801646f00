import { appendPointer, applicatorOf, isObject, type Applicator, type JsonValue } from '../../domain/index.ts'
import { checkSchemaRules, type DocumentSet } from '../document/index.ts'
import { checkPatterns } from '../pattern/index.ts'
import { convertDiscriminator } from './discriminator.ts'
import {
  DraftTarget,
  type DraftContext,
  type DraftObject,
  type DraftUse,
  type DraftValue,
  type Findings,
  type ReferenceUse,
  type SchemaPlace,
  type TargetOf,
} from './draft.ts'
import { enterResource, type DynamicScope } from './dynamic-scope.ts'
import { keptKeywords } from './keywords.ts'
import { modernise } from './openapi-30.ts'
import { isOneWay, oneWayNames, type OneWayReader } from './one-way.ts'

/** What the conversion of one schema needs beside it. */
export interface Conversion extends DraftContext, Findings {
  readonly set: DocumentSet
  readonly oneWay: OneWayReader
  readonly targetOf: TargetOf
  /** Is told where each converted object is written, if anyone wants to know. */
  readonly origin: ((schema: object, place: SchemaPlace) => void) | undefined
  readonly uses: DraftUse[]
}

interface Position {
  /** True while only applicators to the same value lie between this schema and the draft. */
  readonly inPlace: boolean
  readonly scope: DynamicScope
  /** Properties of the same value that cannot be required. */
  readonly hidden: ReadonlySet<string>
}

const NONE: ReadonlySet<string> = new Set()

/**
 * Converts an OpenAPI schema to JSON Schema 2020-12 as values of one direction are validated by it: annotations left
 * out, keywords of OpenAPI 3.0 rewritten, `readOnly` properties not required of requests, nor `writeOnly` ones of
 * responses, which may not have them; references kept as targets, those to dynamic anchors as targets in the given
 * scope.
 */
export function convertSchema(place: SchemaPlace, conversion: Conversion): DraftObject | boolean {
  const { scope, hidden } = conversion
  return convertAt(place, conversion, {
    inPlace: true,
    scope,
    hidden: hidden.length === 0 ? NONE : new Set(hidden),
  })
}

function convertAt(place: SchemaPlace, conversion: Conversion, position: Position): DraftObject | boolean {
  const { value } = place
  if (typeof value === 'boolean') return value
  if (!isObject(value)) {
    const message = `A schema is an object or a boolean, not ${JSON.stringify(value)?.slice(0, 40)}`
    conversion.report({ at: place, message, hint: 'Write a schema, e.g. { type: string }.' })
    return false
  }
  const converted = convertObject(place, value, conversion, position)
  conversion.origin?.(converted, place)
  return converted
}

function convertObject(
  place: SchemaPlace,
  value: Readonly<Record<string, unknown>>,
  conversion: Conversion,
  around: Position,
): DraftObject {
  const isOld = conversion.dialect === '3.0'
  const position = within(place, value, conversion, around)
  const reference = convertReference(place, '$ref', conversion, position)
  if (isOld && reference !== undefined) return { $ref: reference }
  if (!isOld) checkSchemaRules(place, conversion.report)
  checkPatterns(place, conversion)
  const own: Record<string, DraftValue> = reference === undefined ? {} : { $ref: reference }
  for (const keyword of Object.keys(value)) {
    const converted = convertKeyword(keyword, place, conversion, position)
    // None of the keywords that are kept has a name that an object would take for something else.
    if (converted !== undefined) own[keyword] = converted
  }
  const dynamic = isOld ? undefined : convertReference(place, '$dynamicRef', conversion, position)
  const schema = dynamic === undefined ? own : withReference(own, dynamic)
  const whole =
    value['discriminator'] === undefined ? schema : withDiscriminator(place, schema, conversion, position)
  if (!isOld) return whole
  conversion.origin?.(whole, place)
  return modernise(whole, value['nullable'] === true)
}

function withDiscriminator(
  place: SchemaPlace,
  schema: DraftObject,
  { targetOf }: Conversion,
  position: Position,
): DraftObject {
  const discriminator = convertDiscriminator(place, schema, (ref) =>
    targetOf(place, ref, { keyword: '$ref', ...position }),
  )
  return discriminator === undefined ? schema : { ...schema, discriminator }
}

/** The position of the members of a schema. */
function within(
  place: SchemaPlace,
  value: Readonly<Record<string, unknown>>,
  { set, dialect, oneWay }: Conversion,
  around: Position,
): Position {
  const isResource = dialect !== '3.0' && typeof value['$id'] === 'string'
  const scope = isResource ? enterResource(around.scope, place, set) : around.scope
  const names =
    oneWay.isNeeded && MAY_REQUIRE.some((keyword) => Object.hasOwn(value, keyword))
      ? oneWayNames(place, oneWay)
      : NONE
  if (names.size > 0) return { ...around, scope, hidden: new Set([...around.hidden, ...names]) }
  return scope === around.scope ? around : { ...around, scope }
}

/** A reference in whose place nothing else may stand is put beside the others. */
function withReference(schema: DraftObject, $ref: DraftTarget): DraftObject {
  if (!Object.hasOwn(schema, '$ref')) return { $ref, ...schema }
  const { allOf } = schema
  return { ...schema, allOf: [...(Array.isArray(allOf) ? (allOf as readonly DraftValue[]) : []), { $ref }] }
}

function convertReference(
  place: SchemaPlace,
  keyword: ReferenceUse['keyword'],
  { targetOf, uses, report }: Conversion,
  { inPlace, scope, hidden }: Position,
): DraftTarget | undefined {
  const ref = isObject(place.value) ? place.value[keyword] : undefined
  if (typeof ref !== 'string') return undefined
  const key = targetOf(place, ref, { keyword, scope, hidden })
  if (key === undefined) {
    const at = { document: place.document, pointer: appendPointer(place.pointer, keyword) }
    report({ at, message: `Nothing stands at ${JSON.stringify(ref)}`, hint: 'Correct the reference.' })
    return undefined
  }
  uses.push({ key, inPlace })
  return new DraftTarget(key)
}

/** The value of one keyword of a schema; undefined where it is left out. */
function convertKeyword(
  keyword: string,
  place: SchemaPlace,
  conversion: Conversion,
  position: Position,
): DraftValue | undefined {
  const value = (place.value as Readonly<Record<string, JsonValue>>)[keyword] as JsonValue
  const applicator = applicatorOf.get(keyword)
  if (applicator !== undefined) {
    const isSame = applicator.inPlace && !CONDITIONS.has(keyword)
    const below = isSame || position.hidden === NONE ? position : { ...position, hidden: NONE }
    return convertMember(child(place, keyword, value), applicator, conversion, below)
  }
  if (!keptKeywords.has(keyword)) return undefined
  if (keyword === 'required') return withoutHidden(value, position)
  if (keyword !== 'dependentRequired' || !isObject(value)) return value
  const lists = Object.entries(value).map(([name, list]) => [name, withoutHidden(list, position) ?? []])
  return Object.fromEntries(lists) as DraftObject
}

/** They ask whether a value is there; that it may be missing does not make them true. */
const CONDITIONS = new Set(['not', 'if'])

function withoutHidden(value: JsonValue, { hidden }: Position): JsonValue | undefined {
  if (!Array.isArray(value)) return value
  const names = (value as readonly JsonValue[]).filter(
    (name) => typeof name !== 'string' || !hidden.has(name),
  )
  return names.length > 0 ? names : undefined
}

const PROPERTIES = applicatorOf.get('properties')

/** What is only written never leaves the service (JSON Schema 2020-12 validation §9.4). */
function isKept(property: SchemaPlace, { oneWay }: Conversion): boolean {
  return oneWay.keyword === 'writeOnly' && isOneWay(property, oneWay)
}

function convertMember(
  place: SchemaPlace,
  applicator: Applicator,
  conversion: Conversion,
  around: Position,
): DraftValue {
  const inPlace = around.inPlace && applicator.inPlace
  const position = inPlace === around.inPlace ? around : { ...around, inPlace }
  const { value } = place
  const convert = (name: string | number, schema: unknown) => {
    const member = child(place, name, schema)
    const isSecret = applicator === PROPERTIES && isKept(member, conversion)
    return isSecret ? false : convertAt(member, conversion, position)
  }
  if (applicator.shape === 'one') return convertAt(place, conversion, position)
  if (applicator.shape === 'list' && Array.isArray(value))
    return value.map((item, index) => convert(index, item))
  if (applicator.shape === 'map' && isObject(value)) {
    return Object.fromEntries(Object.keys(value).map((name) => [name, convert(name, value[name])]))
  }
  // Of the wrong shape: the check against the meta-schema says so.
  return value as JsonValue
}

/** Keywords below which something may be required of the same value. */
const MAY_REQUIRE = [
  'required',
  'dependentRequired',
  '$ref',
  '$dynamicRef',
  'allOf',
  'anyOf',
  'oneOf',
  'then',
  'else',
  'dependentSchemas',
]

function child({ document, pointer }: SchemaPlace, name: string | number, value: unknown): SchemaPlace {
  return { document, pointer: appendPointer(pointer, name), value }
}
