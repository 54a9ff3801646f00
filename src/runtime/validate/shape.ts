import { isObject, resolvePointer } from '../../domain/index.ts'
import { ANY_KIND, Kind, kindOf, kindsOfType, type Kinds } from './kinds.ts'

/** What the text of a parameter may become, read from its schema. */
export interface Shape {
  readonly kinds: Kinds
  /** The shape of the items of an array. */
  readonly items: () => Shape
  /** The shape of a member of an object. */
  readonly property: (name: string) => Shape
  /** The members that the schema names. */
  readonly propertyNames: ReadonlySet<string>
  /** True where the schema describes members that it does not name. */
  readonly isOpen: boolean
}

/**
 * Reads the shape of a schema, following `$ref`, `allOf`, `anyOf` and `oneOf`. It only guides how text is coerced;
 * whether a value is valid is for the validator to say.
 */
export function shapeOf(schema: unknown): Shape {
  return shapeWithin([schema], schema)
}

function shapeWithin(schemas: readonly unknown[], root: unknown): Shape {
  const parts = new Set<unknown>()
  for (const schema of schemas) collectParts(schema, root, parts)
  const objects = [...parts].filter(isObject)
  const properties = objects.map((part) => part['properties']).filter(isObject)
  const others = objects.flatMap((part) => [
    part['additionalProperties'],
    ...(isObject(part['patternProperties']) ? Object.values(part['patternProperties']) : []),
  ])
  const open = others.filter((other) => other !== undefined && other !== false)
  const members = new Map<string, Shape>()
  let items: Shape | undefined
  return {
    kinds: unionOf(schemas.map((schema) => kindsOf(schema, root, new Set()))),
    propertyNames: new Set(properties.flatMap((map) => Object.keys(map))),
    isOpen: open.length > 0,
    items: () => (items ??= shapeWithin(objects.flatMap(itemSchemas), root)),
    property: (name) => {
      const known = members.get(name)
      if (known !== undefined) return known
      const declared = properties.filter((map) => Object.hasOwn(map, name)).map((map) => map[name])
      const shape = shapeWithin(declared.length > 0 ? declared : open, root)
      if (declared.length > 0) members.set(name, shape)
      return shape
    },
  }
}

function itemSchemas(part: Record<string, unknown>): readonly unknown[] {
  const prefix: readonly unknown[] = Array.isArray(part['prefixItems']) ? part['prefixItems'] : []
  return part['items'] === undefined ? prefix : [part['items'], ...prefix]
}

function collectParts(schema: unknown, root: unknown, parts: Set<unknown>): void {
  if (!isObject(schema) || parts.has(schema)) return
  parts.add(schema)
  collectParts(referenced(schema, root), root, parts)
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    for (const branch of branchesOf(schema, keyword)) collectParts(branch, root, parts)
  }
}

function kindsOf(schema: unknown, root: unknown, path: Set<unknown>): Kinds {
  if (!isObject(schema) || path.has(schema)) return ANY_KIND
  const within = new Set(path).add(schema)
  const inner = (branch: unknown) => kindsOf(branch, root, within)
  let kinds = ownKinds(schema) & inner(referenced(schema, root))
  for (const branch of branchesOf(schema, 'allOf')) kinds &= inner(branch)
  for (const keyword of ['anyOf', 'oneOf']) {
    const branches = branchesOf(schema, keyword)
    if (branches.length > 0) kinds &= unionOf(branches.map(inner))
  }
  return kinds
}

function ownKinds(schema: Record<string, unknown>): Kinds {
  if (schema['type'] !== undefined) return kindsOfType(schema['type'])
  if (Object.hasOwn(schema, 'const')) return kindOf(schema['const'])
  if (!Array.isArray(schema['enum'])) return impliedKinds(schema)
  return schema['enum'].reduce<Kinds>((set, value) => set | kindOf(value), 0)
}

/** A schema without `type` that speaks of members or items means objects or arrays. */
function impliedKinds(schema: Record<string, unknown>): Kinds {
  if (isObject(schema['properties'])) return Kind.object
  return schema['items'] === undefined ? ANY_KIND : Kind.array
}

/** Branches that say nothing stand for text beside those that say something. */
function unionOf(sets: readonly Kinds[]): Kinds {
  const known = sets.filter((set) => set !== ANY_KIND)
  if (known.length === 0) return ANY_KIND
  const union = known.reduce((all, set) => all | set, 0)
  return known.length < sets.length ? union | Kind.string : union
}

function referenced(schema: Record<string, unknown>, root: unknown): unknown {
  const reference = schema['$ref']
  if (typeof reference !== 'string' || !reference.startsWith('#')) return undefined
  return resolvePointer(root, decodeURIComponent(reference.slice(1)))
}

function branchesOf(schema: Record<string, unknown>, keyword: string): readonly unknown[] {
  const branches = schema[keyword]
  return Array.isArray(branches) ? branches : []
}
