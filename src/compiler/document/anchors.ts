import { identifierOf } from './identifier.ts'
import { schemaObjects } from './schema-objects.ts'

/** The anchors of a schema resource, with the JSON Pointers of the schemas that they name, from the resource on. */
export interface Anchors {
  /** Those of `$anchor` and `$dynamicAnchor`; undefined where a name is given to two schemas. */
  readonly all: ReadonlyMap<string, string | undefined>
  /** Those of `$dynamicAnchor` alone. */
  readonly dynamic: ReadonlyMap<string, string>
  /** The names that were given before, each with the schema that has it again. */
  readonly repeated: readonly { readonly name: string; readonly pointer: string }[]
}

const NONE: Anchors = { all: new Map(), dynamic: new Map(), repeated: [] }

const known = new WeakMap<object, Anchors>()

/**
 * The anchors of the resource that begins with a value (JSON Schema 2020-12 §8.2.2). What stands below another `$id`
 * belongs to another resource.
 */
export function anchorsOf(root: unknown): Anchors {
  if (typeof root !== 'object' || root === null) return NONE
  const anchors = known.get(root) ?? collectAnchors(root)
  known.set(root, anchors)
  return anchors
}

function collectAnchors(root: object): Anchors {
  const all = new Map<string, string | undefined>()
  const dynamic = new Map<string, string>()
  const repeated: { readonly name: string; readonly pointer: string }[] = []
  const isWithin = ({ value }: { readonly value: Readonly<Record<string, unknown>> }) =>
    value === root || identifierOf(value) === undefined
  for (const { value, pointer } of schemaObjects(root, isWithin)) {
    const { $anchor, $dynamicAnchor } = value
    for (const name of new Set([$anchor, $dynamicAnchor])) {
      if (typeof name !== 'string') continue
      if (all.has(name)) repeated.push({ name, pointer })
      all.set(name, all.has(name) ? undefined : pointer)
    }
    if (typeof $dynamicAnchor === 'string' && !dynamic.has($dynamicAnchor))
      dynamic.set($dynamicAnchor, pointer)
  }
  return { all, dynamic, repeated }
}
