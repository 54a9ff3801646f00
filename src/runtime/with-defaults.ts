import { isObject, type JsonObject, type JsonValue } from '../domain/index.ts'

/** A configuration with the defaults of its schema filled in, in lists and objects too. */
export function withDefaults(schema: JsonObject, config: JsonObject): JsonObject {
  const filled: Record<string, JsonValue> = { ...config }
  for (const [name, property] of Object.entries((schema['properties'] ?? {}) as Record<string, JsonObject>)) {
    const value = filled[name] ?? property['default']
    if (value !== undefined) filled[name] = fill(property, value)
  }
  return filled
}

function fill(schema: JsonObject, value: JsonValue): JsonValue {
  if (Array.isArray(value)) {
    const items = schema['items']
    return isObject(items) ? value.map((item: JsonValue) => fill(items, item)) : value
  }
  return isObject(value) && isObject(schema['properties']) ? withDefaults(schema, value) : value
}
