import { formatPointer, isObject } from '../../../domain/index.ts'
import { beginsResource, type DocumentSet, type SourceDocument } from '../../document/index.ts'
import type { Place } from '../place.ts'
import { canBeTried, faultOf, matches } from './check-value.ts'

/** What a schema has against a value; the pointer leads to the place within the value. */
export interface Mismatch {
  readonly pointer: string
  readonly reason: string
}

/** A schema, and a place that its references are relative to: its own, or that of a schema that it is a part of. */
type WrittenSchema = Place & { readonly value: unknown }

type ObjectSchema = WrittenSchema & { readonly value: Readonly<Record<string, unknown>> }

/** Where a value is; a pointer is made of it only where there is something to say. */
interface Way {
  readonly above: Way | undefined
  readonly token: string | number
}

/** One example takes so many steps at most; beyond, nothing is said of it. */
const MAX_STEPS = 20_000

/** All of a run together. */
const MAX_STEPS_OF_ALL = 20_000_000

class OutOfSteps extends Error {}

/** Says what a schema has against a value. */
export type MatchSchema = (value: unknown, schema: WrittenSchema) => readonly Mismatch[]

/**
 * Compares values with schemas as they are written, of OpenAPI 3.0 and later alike, without compiling them: a
 * description has thousands of examples. Every mismatch is one; what is not looked at (`not`, `if`, `contains`,
 * `unevaluated…`, `dependent…`, `uniqueItems`) can hide some.
 */
export function createMatcher(set: DocumentSet): MatchSchema {
  const follow = createFollow(set)
  let left = MAX_STEPS_OF_ALL
  let steps = 0

  /** @param applied schemas that are under way for this value: a circle of them adds nothing. */
  function match(
    value: unknown,
    way: Way | undefined,
    schema: WrittenSchema,
    applied?: ReadonlySet<unknown>,
  ): readonly Mismatch[] {
    steps -= 1
    if (steps < 0) throw new OutOfSteps()
    if (schema.value === false) return [mismatch(way, 'may not stand here')]
    if (!isObject(schema.value) || applied?.has(schema.value) === true) return NOTHING
    const own = schema as ObjectSchema
    const { $ref: ref, allOf, anyOf, oneOf } = own.value
    const target = typeof ref === 'string' ? follow(schema, ref) : undefined
    if (target !== undefined) return match(value, way, target, new Set(applied).add(own.value))
    const fault = faultOf(value, own.value)
    if (fault !== undefined) return [mismatch(way, fault)]
    const within = isObject(value) ? members(value, way, own) : items(value, way, own)
    if (allOf === undefined && anyOf === undefined && oneOf === undefined) return within
    const now = new Set(applied).add(own.value)
    return [
      ...within,
      ...parts(own, allOf).flatMap((part) => match(value, way, part, now)),
      ...[anyOf, oneOf].flatMap((list) => alternatives(value, way, parts(own, list), now)),
    ]
  }

  function members(
    value: Readonly<Record<string, unknown>>,
    way: Way | undefined,
    schema: ObjectSchema,
  ): readonly Mismatch[] {
    const { required, properties, patternProperties, additionalProperties } = schema.value
    const known = isObject(properties) ? properties : {}
    const faults: Mismatch[] = []
    for (const name of Array.isArray(required) ? (required as readonly unknown[]) : []) {
      if (typeof name !== 'string' || Object.hasOwn(value, name) || isOneWay(schema, known[name])) continue
      faults.push(mismatch(way, `must have the member \`${name}\``))
    }
    const patterns = isObject(patternProperties) ? Object.entries(patternProperties) : []
    const isUnsure = !patterns.every(([pattern]) => canBeTried(pattern))
    for (const [name, member] of Object.entries(value)) {
      const at = { above: way, token: name }
      const near = patterns.filter(([pattern]) => canBeTried(pattern) && matches(pattern, name))
      for (const [, part] of near) faults.push(...match(member, at, partOf(schema, part)))
      if (Object.hasOwn(known, name)) faults.push(...match(member, at, partOf(schema, known[name])))
      else if (near.length > 0 || isUnsure) continue
      else if (additionalProperties === false)
        faults.push(mismatch(at, 'is a member that the schema does not know'))
      else faults.push(...match(member, at, partOf(schema, additionalProperties)))
    }
    return faults
  }

  /** Of a request nobody expects what is only read, nor of an answer what is only written. */
  function isOneWay(owner: Place, member: unknown): boolean {
    const ref: unknown = isObject(member) ? member['$ref'] : undefined
    const schema = typeof ref === 'string' ? follow(owner, ref)?.value : member
    return isObject(schema) && (schema['readOnly'] === true || schema['writeOnly'] === true)
  }

  function items(value: unknown, way: Way | undefined, schema: ObjectSchema): readonly Mismatch[] {
    if (!Array.isArray(value)) return NOTHING
    const listed = parts(schema, schema.value['prefixItems'])
    const rest = partOf(schema, schema.value['items'])
    return value.flatMap((item: unknown, token) => match(item, { above: way, token }, listed[token] ?? rest))
  }

  function alternatives(
    value: unknown,
    way: Way | undefined,
    schemas: readonly WrittenSchema[],
    applied: ReadonlySet<unknown>,
  ): readonly Mismatch[] {
    let only: readonly Mismatch[] = NOTHING
    for (const schema of schemas) {
      only = match(value, way, schema, applied)
      if (only.length === 0) return NOTHING
    }
    // The only one is what was meant.
    if (schemas.length < 2) return only
    return [mismatch(way, `must match one of ${schemas.length} schemas, and matches none`)]
  }

  return (value, schema) => {
    if (left <= 0) return NOTHING
    steps = MAX_STEPS
    try {
      return match(value, undefined, schema)
    } catch (error) {
      if (!(error instanceof OutOfSteps)) throw error
      return NOTHING
    } finally {
      left -= MAX_STEPS - Math.max(steps, 0)
    }
  }
}

const NOTHING: readonly Mismatch[] = []

function mismatch(way: Way | undefined, reason: string): Mismatch {
  const tokens: (string | number)[] = []
  for (let at = way; at !== undefined; at = at.above) tokens.unshift(at.token)
  return { pointer: formatPointer(tokens), reason }
}

function parts(schema: ObjectSchema, list: unknown): readonly WrittenSchema[] {
  return Array.isArray(list) ? list.map((value: unknown) => partOf(schema, value)) : []
}

/** Nothing is said by a part with an `$id`, the references of which are relative to itself. */
function partOf({ document, pointer }: ObjectSchema, value: unknown): WrittenSchema {
  return { document, pointer, value: beginsResource(value) ? true : value }
}

/** Follows references, each once. */
function createFollow(set: DocumentSet): (from: Place, ref: string) => WrittenSchema | undefined {
  const targets = new Map<SourceDocument, Map<string, WrittenSchema | undefined>>()
  return ({ document, pointer }, ref) => {
    const known = targets.get(document) ?? new Map<string, WrittenSchema | undefined>()
    targets.set(document, known)
    const key = document.mentions('$id') ? `${pointer} ${ref}` : ref
    if (!known.has(key)) known.set(key, set.resolve({ document, pointer }, ref))
    return known.get(key)
  }
}
