import { isObject, parsePointer, resolvePointer } from '../../domain/index.ts'

/**
 * True where a schema says `writeOnly` of the value at a pointer, or of one that holds it: through members, items,
 * references within the schema and `allOf`, `anyOf`, `oneOf`.
 */
export function isWriteOnly(schema: unknown, pointer: string): boolean {
  let level = alternativesOf([schema], schema)
  for (const token of parsePointer(pointer)) {
    if (level.some(isMarked)) return true
    level = alternativesOf(
      level.flatMap((part) => childrenOf(part, token)),
      schema,
    )
  }
  return level.some(isMarked)
}

function isMarked(schema: unknown): boolean {
  return isObject(schema) && schema['writeOnly'] === true
}

function childrenOf(schema: unknown, token: string): readonly unknown[] {
  if (!isObject(schema)) return []
  const { properties, additionalProperties, items, prefixItems } = schema
  if (isObject(properties) && Object.hasOwn(properties, token)) return [properties[token]]
  const listed: unknown = Array.isArray(prefixItems) ? prefixItems[Number(token)] : undefined
  return [listed ?? items, additionalProperties]
}

/** Schemas with those that they refer to or are made of, each once. */
function alternativesOf(schemas: readonly unknown[], root: unknown): readonly unknown[] {
  // A set that grows while it is walked gives what was added too.
  const all = new Set(schemas)
  for (const schema of all) {
    if (!isObject(schema)) continue
    const { $ref: ref } = schema
    if (typeof ref === 'string' && ref.startsWith('#')) all.add(resolvePointer(root, ref.slice(1)))
    for (const key of ['allOf', 'anyOf', 'oneOf']) {
      const parts: unknown = schema[key]
      if (Array.isArray(parts)) for (const part of parts as readonly unknown[]) all.add(part)
    }
  }
  return [...all]
}
