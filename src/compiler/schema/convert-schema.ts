import { appendPointer, isObject, type JsonValue } from '../../domain/index.ts'
import type { DocumentSet } from '../document/index.ts'
import { checkPatterns } from './check-patterns.ts'
import { checkDialect } from './dialect.ts'
import { convertDiscriminator } from './discriminator.ts'
import {
  DraftTarget,
  type Dialect,
  type DraftObject,
  type DraftUse,
  type DraftValue,
  type ReportFault,
  type SchemaPlace,
  type TargetOf,
} from './draft.ts'
import { applicatorOf, keptKeywords, type Applicator } from './keywords.ts'
import { modernise } from './openapi-30.ts'
import { readOnlyNames } from './read-only.ts'

/** What the conversion of one schema needs beside it. */
export interface Conversion {
  readonly set: DocumentSet
  readonly dialect: Dialect
  readonly report: ReportFault
  readonly targetOf: TargetOf
  /** Remembers where a converted object is written. */
  readonly origin: (schema: object, place: SchemaPlace) => void
  readonly uses: DraftUse[]
}

interface Position {
  /** True while only applicators to the same value lie between this schema and the draft. */
  readonly inPlace: boolean
  /** True below an `$id`, which gives references another base. */
  readonly withinId: boolean
  /** Properties of a surrounding `allOf` that cannot be required. */
  readonly readOnly: ReadonlySet<string>
}

const TOP: Position = { inPlace: true, withinId: false, readOnly: new Set() }

/**
 * Converts an OpenAPI schema to JSON Schema 2020-12 as a request is validated by it: annotations left out, keywords
 * of OpenAPI 3.0 rewritten, `readOnly` properties not required, references kept as targets.
 */
export function convertSchema(place: SchemaPlace, conversion: Conversion): DraftObject | boolean {
  return convertAt(place, conversion, TOP)
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
  conversion.origin(converted, place)
  return converted
}

function convertObject(
  place: SchemaPlace,
  value: Readonly<Record<string, unknown>>,
  conversion: Conversion,
  around: Position,
): DraftObject {
  const isOld = conversion.dialect === '3.0'
  const position = { ...around, withinId: around.withinId || (!isOld && typeof value['$id'] === 'string') }
  const reference = convertReference(place, value, conversion, position)
  if (isOld && reference !== undefined) return { $ref: reference }
  if (!isOld) refuseUnsupported(place, value, conversion)
  checkPatterns(place, conversion.report)
  const hidden = new Set([...position.readOnly, ...hiddenNames(place, value, conversion.set)])
  const members: [string, DraftValue][] = reference === undefined ? [] : [['$ref', reference]]
  for (const [keyword, member] of Object.entries(value)) {
    const at = child(place, keyword, member)
    const converted = convertKeyword(keyword, at, conversion, { ...position, readOnly: hidden })
    if (converted !== undefined) members.push([keyword, converted])
  }
  const schema: DraftObject = Object.fromEntries(members)
  const discriminator = convertDiscriminator(place, schema, conversion.targetOf)
  const whole = discriminator === undefined ? schema : { ...schema, discriminator }
  if (!isOld) return whole
  conversion.origin(whole, place)
  return modernise(whole, value['nullable'] === true)
}

function convertReference(
  place: SchemaPlace,
  value: Readonly<Record<string, unknown>>,
  { targetOf, uses, report }: Conversion,
  { inPlace, withinId }: Position,
): DraftTarget | undefined {
  const ref = value['$ref']
  if (typeof ref !== 'string') return undefined
  const at = { document: place.document, pointer: appendPointer(place.pointer, '$ref') }
  if (withinId) {
    const message = `The reference ${JSON.stringify(ref)} stands below an \`$id\`, which changes what it is relative to`
    report({ at, message, hint: 'Remove the `$id`; references are relative to the file they stand in.' })
  }
  const key = targetOf(place, ref)
  if (key === undefined) {
    report({ at, message: `Nothing stands at ${JSON.stringify(ref)}`, hint: 'Correct the reference.' })
    return undefined
  }
  uses.push({ key, inPlace })
  return new DraftTarget(key)
}

/** The value of one keyword; undefined where it is left out. */
function convertKeyword(
  keyword: string,
  place: SchemaPlace,
  conversion: Conversion,
  position: Position,
): DraftValue | undefined {
  const applicator = applicatorOf.get(keyword)
  if (applicator !== undefined) {
    const below = keyword === 'allOf' ? position : { ...position, readOnly: TOP.readOnly }
    return convertMember(place, applicator, conversion, below)
  }
  if (!keptKeywords.has(keyword)) return undefined
  const value = place.value as JsonValue
  if (keyword !== 'required' || !Array.isArray(value)) return value
  const required = (value as readonly JsonValue[]).filter(
    (name) => typeof name !== 'string' || !position.readOnly.has(name),
  )
  return required.length > 0 ? required : undefined
}

function convertMember(
  place: SchemaPlace,
  applicator: Applicator,
  conversion: Conversion,
  around: Position,
): DraftValue {
  const position = { ...around, inPlace: around.inPlace && applicator.inPlace }
  const { value } = place
  const convert = (name: string | number, schema: unknown) =>
    convertAt(child(place, name, schema), conversion, position)
  if (applicator.shape === 'one') return convertAt(place, conversion, position)
  if (applicator.shape === 'list' && Array.isArray(value))
    return value.map((item, index) => convert(index, item))
  if (applicator.shape === 'map' && isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, convert(name, schema)]))
  }
  // Of the wrong shape: the check against the meta-schema says so.
  return value as JsonValue
}

function refuseUnsupported(
  place: SchemaPlace,
  value: Readonly<Record<string, unknown>>,
  { report }: Conversion,
): void {
  if (Object.hasOwn(value, '$schema'))
    checkDialect('$schema', child(place, '$schema', value['$schema']), report)
  for (const keyword of ['$dynamicRef', '$recursiveRef']) {
    if (!Object.hasOwn(value, keyword)) continue
    report({
      at: child(place, keyword, value[keyword]),
      message: `\`${keyword}\` cannot be resolved before a request comes`,
      hint: 'Refer to the schema that is meant with `$ref`.',
    })
  }
}

/** What cannot be required here; looked for only where something below may require it. */
function hiddenNames(
  place: SchemaPlace,
  value: Readonly<Record<string, unknown>>,
  set: DocumentSet,
): ReadonlySet<string> {
  const mayRequire = Array.isArray(value['required']) || Array.isArray(value['allOf'])
  return mayRequire ? readOnlyNames(set, place) : TOP.readOnly
}

function child({ document, pointer }: SchemaPlace, name: string | number, value: unknown): SchemaPlace {
  return { document, pointer: appendPointer(pointer, name), value }
}
