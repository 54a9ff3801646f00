import { canonicalJson, type JsonObject, type JsonValue } from '../../domain/index.ts'
import { typesOf } from './compare-values.ts'
import { isSchemaObject, type Resolved } from './resolve-schema.ts'

type Resolve = (part: JsonValue | undefined) => Resolved

/** Deeper `allOf`s and longer lists of branches are not looked into: the answer is then that they may overlap. */
const MAX_DEPTH = 8
const MAX_BRANCHES = 200

/**
 * True where no value fits two of the schemas: their types differ, or they are objects that both require a property
 * whose listed values differ, as discriminated unions do. False where that is not known.
 */
export function areDisjoint(branches: readonly JsonValue[], resolve: Resolve): boolean {
  if (branches.length > MAX_BRANCHES) return false
  const shapes = branches.map((branch) => shapeOf(branch, resolve))
  return shapes.every((shape, index) => shapes.slice(index + 1).every((other) => exclude(shape, other)))
}

/** What is known of all values that fit a schema. */
interface Shape {
  readonly types: ReadonlySet<string>
  /** The listed values of required properties, in canonical JSON. */
  readonly values: ReadonlyMap<string, ReadonlySet<string>>
}

function exclude(a: Shape, b: Shape): boolean {
  const shared = [...a.types].filter((type) => b.types.has(type))
  if (shared.length === 0) return true
  if (shared.some((type) => type !== 'object')) return false
  return [...a.values].some(([name, values]) => haveNothingInCommon(b.values.get(name), values))
}

function haveNothingInCommon(a: ReadonlySet<string> | undefined, b: ReadonlySet<string>): boolean {
  return a !== undefined && ![...a].some((value) => b.has(value))
}

function common(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...a].filter((value) => b.has(value)))
}

function shapeOf(branch: JsonValue, resolve: Resolve): Shape {
  const parts = partsOf(branch, resolve, 0)
  if (parts.includes(false)) return { types: new Set(), values: new Map() }
  const schemas = parts.filter(isSchemaObject)
  const types = schemas.map(({ type }) => typesOf(type)).reduce(common, typesOf(undefined))
  const required = new Set(schemas.flatMap(({ required: names }) => (Array.isArray(names) ? names : [])))
  const values = new Map<string, ReadonlySet<string>>()
  for (const { properties } of schemas) {
    if (!isSchemaObject(properties)) continue
    for (const [name, property] of Object.entries(properties)) {
      const listed = listedValues(resolve(property))
      if (required.has(name) && listed !== undefined) values.set(name, listed)
    }
  }
  return { types, values }
}

/** A schema and the branches of its `allOf`. */
function partsOf(branch: JsonValue, resolve: Resolve, depth: number): readonly Resolved[] {
  const schema = resolve(branch)
  if (schema === false || depth === MAX_DEPTH) return [schema]
  const { allOf } = schema
  const below = Array.isArray(allOf) ? (allOf as readonly JsonValue[]) : []
  return [schema, ...below.flatMap((part) => partsOf(part, resolve, depth + 1))]
}

function listedValues(property: JsonObject | false): ReadonlySet<string> | undefined {
  const listed = property === false ? [] : property['enum']
  return Array.isArray(listed) ? new Set((listed as readonly JsonValue[]).map(canonicalJson)) : undefined
}
