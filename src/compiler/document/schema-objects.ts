import { appendPointer, isObject } from '../../domain/index.ts'

/** Members that hold data, in which an `$id` or `$anchor` is a text like any other. */
const DATA = new Set(['const', 'default', 'enum', 'example', 'examples'])

/** Members the keys of which are names that somebody chose, so that `default` among them is no keyword. */
const NAMED = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'schemas',
])

/** An object that may be a schema, and where it is written. */
export interface SchemaObject {
  readonly value: Readonly<Record<string, unknown>>
  readonly pointer: string
}

/**
 * The objects within a value, itself included, that are no data. Each is given once, at the first place that leads to
 * it; below an object of which `enter` says no nothing is looked at.
 */
export function* schemaObjects(
  root: unknown,
  enter: (object: SchemaObject) => boolean = () => true,
): Generator<SchemaObject> {
  const seen = new Set<object>()
  const pending: { readonly value: unknown; readonly pointer: string; readonly isNamed: boolean }[] = [
    { value: root, pointer: '', isNamed: false },
  ]
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    const { value, pointer, isNamed } = item
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    if (isObject(value)) {
      if (!enter({ value, pointer })) continue
      yield { value, pointer }
    }
    // Pushed in reverse, because the stack gives the last one first.
    for (const [key, child] of Object.entries(value).toReversed()) {
      if (!isNamed && DATA.has(key)) continue
      pending.push({
        value: child,
        pointer: appendPointer(pointer, key),
        isNamed: !isNamed && NAMED.has(key),
      })
    }
  }
}
