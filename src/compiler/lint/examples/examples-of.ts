import { appendPointer, isObject } from '../../../domain/index.ts'
import type { DocumentSet } from '../../document/index.ts'
import type { Place } from '../place.ts'
import { followReferences, type ObjectNode } from '../routes.ts'

/** A value where it is written. */
export type PlacedValue = Place & { readonly value: unknown }

/** False where {@link ownExamples} gives nothing, which is nearly everywhere. */
export function hasOwnExamples({ value }: Pick<ObjectNode, 'value'>): boolean {
  return value['example'] !== undefined || value['examples'] !== undefined
}

/** False where {@link schemaExamples} gives nothing. */
export function hasExamples(schema: Pick<ObjectNode, 'value'>): boolean {
  return hasOwnExamples(schema) || schema.value['default'] !== undefined
}

/** The values that a parameter, a header or a media type gives as examples of itself: `example`, `examples`. */
export function ownExamples(owner: ObjectNode, set: DocumentSet): readonly PlacedValue[] {
  const { document } = owner
  const { examples } = owner.value
  const named = isObject(examples) ? Object.entries(examples) : []
  const at = named.length === 0 ? '' : appendPointer(owner.pointer, 'examples')
  const values = named.flatMap(([name, value]) => {
    const example = followReferences(set, { document, pointer: appendPointer(at, name), value })
    return example === undefined ? [] : [...memberOf(example, 'value'), ...memberOf(example, 'dataValue')]
  })
  return [...memberOf(owner, 'example'), ...values]
}

/** The values that a schema gives as examples of itself: `example`, `examples`, `default`. */
export function schemaExamples(schema: ObjectNode): readonly PlacedValue[] {
  const list: unknown = schema.value['examples']
  const listed = Array.isArray(list)
    ? list.map((value: unknown, index) => {
        const pointer = appendPointer(appendPointer(schema.pointer, 'examples'), index)
        return { document: schema.document, pointer, value }
      })
    : []
  return [...memberOf(schema, 'example'), ...memberOf(schema, 'default'), ...listed]
}

function memberOf(owner: ObjectNode, key: string): readonly PlacedValue[] {
  if (!Object.hasOwn(owner.value, key)) return []
  const { document, pointer, value } = owner
  return [{ document, pointer: appendPointer(pointer, key), value: value[key] }]
}
