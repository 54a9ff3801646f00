import { appendPointer, isObject } from '../../domain/index.ts'
import type { DocumentSet } from '../document/index.ts'
import { followReferences, type ObjectNode } from '../lint/index.ts'
import type { SchemaPlace } from '../schema/index.ts'

/**
 * The values that a parameter or a media type gives as examples of itself (`example`, `examples`), and those that its
 * schema gives (`example`, `examples`, `default`), whether it is written there or referred to.
 */
export function examplesOf(owner: ObjectNode, set: DocumentSet): readonly SchemaPlace[] {
  const { examples } = owner.value
  const named = isObject(examples) ? Object.entries(examples) : []
  const at = appendPointer(owner.pointer, 'examples')
  const values = named.flatMap(([name, value]) => {
    const example = followReferences(set, { ...owner, pointer: appendPointer(at, name), value })
    return example === undefined ? [] : [...memberOf(example, 'value'), ...memberOf(example, 'dataValue')]
  })
  return [...memberOf(owner, 'example'), ...values, ...schemaExamples(owner, set)]
}

function schemaExamples(owner: ObjectNode, set: DocumentSet): readonly SchemaPlace[] {
  const [place] = memberOf(owner, 'schema')
  const schema = place === undefined ? undefined : followReferences(set, place)
  if (schema === undefined) return []
  const list: unknown = schema.value['examples']
  const at = appendPointer(schema.pointer, 'examples')
  const listed = Array.isArray(list)
    ? list.map((value: unknown, index) => ({
        document: schema.document,
        pointer: appendPointer(at, index),
        value,
      }))
    : []
  return [...memberOf(schema, 'example'), ...memberOf(schema, 'default'), ...listed]
}

function memberOf({ document, pointer, value }: ObjectNode, key: string): readonly SchemaPlace[] {
  if (!Object.hasOwn(value, key)) return []
  return [{ document, pointer: appendPointer(pointer, key), value: value[key] }]
}
