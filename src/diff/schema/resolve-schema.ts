import {
  isObject,
  resolvePointer,
  type JsonObject,
  type JsonSchema,
  type JsonValue,
} from '../../domain/index.ts'

/** A schema as an object whose identity stands for it; false accepts nothing. */
export type Resolved = JsonObject | false

/** Accepts anything. */
const ANYTHING: JsonObject = {}

const MAX_HOPS = 100

/**
 * Reads the parts of one self-contained schema: references that stand alone are followed, a `$ref` beside other
 * keywords becomes a branch of `allOf`, `const` becomes an `enum` of one. The same part gives the same object.
 */
export function createResolver(root: JsonSchema): (part: JsonValue | undefined) => Resolved {
  const known = new Map<JsonObject, JsonObject>()
  const follow = (part: JsonValue | undefined): JsonValue | undefined => {
    let value = part
    for (let hops = 0; hops < MAX_HOPS; hops += 1) {
      const next = onlyTarget(value, root)
      if (next === undefined) return value
      value = next
    }
    return value
  }
  return (part) => {
    const value = follow(part)
    if (value === false) return false
    if (!isSchemaObject(value)) return ANYTHING
    const seen = known.get(value) ?? normalise(value, root)
    known.set(value, seen)
    return seen
  }
}

/** What a schema leads to that is nothing but a reference, or an `allOf` of one. */
function onlyTarget(value: JsonValue | undefined, root: JsonSchema): JsonValue | undefined {
  if (!isSchemaObject(value)) return undefined
  const keywords = Object.keys(value).filter((keyword) => keyword !== '$defs')
  if (keywords.length !== 1) return undefined
  const { $ref, allOf } = value
  if (Array.isArray(allOf)) return allOf.length === 1 ? (allOf as readonly JsonValue[])[0] : undefined
  return typeof $ref === 'string' ? targetOf($ref, root) : undefined
}

function targetOf(ref: string, root: JsonSchema): JsonValue | undefined {
  if (!/^#(\/|$)/.test(ref)) return undefined
  return resolvePointer(root, ref.slice(1)) as JsonValue | undefined
}

function normalise(value: JsonObject, root: JsonSchema): JsonObject {
  const { $defs: _, $ref, const: only, ...rest } = value
  const target = typeof $ref === 'string' ? targetOf($ref, root) : undefined
  const branches = Array.isArray(rest['allOf']) ? (rest['allOf'] as readonly JsonValue[]) : []
  return {
    ...rest,
    ...($ref === undefined ? {} : target === undefined ? { $ref } : { allOf: [...branches, { $ref }] }),
    ...(only === undefined ? {} : { enum: enumWith(rest['enum'], only) }),
  }
}

/** A value that is listed in `enum` and is `const` too is the only one; the two may also exclude each other. */
function enumWith(listed: JsonValue | undefined, only: JsonValue): JsonValue {
  if (!Array.isArray(listed)) return [only]
  const text = JSON.stringify(only)
  return (listed as readonly JsonValue[]).filter((value) => JSON.stringify(value) === text)
}

export function isSchemaObject(value: JsonValue | undefined): value is JsonObject {
  return isObject(value)
}
