import { isObject, type CompiledPlan, type JsonValue } from '../../src/domain/index.ts'

/** The routes of a plan with their schemas in place, whatever parts of those are called and in whatever order they are. */
export function resolvedRoutes({ routes, schemas }: CompiledPlan): JsonValue {
  const resolved = schemas.map((schema) => renameParts(schema as JsonValue))
  const replace = (value: JsonValue): JsonValue => {
    if (Array.isArray(value)) return (value as readonly JsonValue[]).map(replace)
    if (!isObject(value)) return value
    return Object.fromEntries(
      Object.entries(value as Record<string, JsonValue>).map(([name, member]) => [
        name,
        name === 'schema' && typeof member === 'number' ? (resolved[member] ?? null) : replace(member),
      ]),
    )
  }
  return routes.map((route) => replace(route as unknown as JsonValue))
}

/** Definitions are called by the order in which references meet them. */
function renameParts(schema: JsonValue): JsonValue {
  if (!isObject(schema)) return schema
  const { $defs, ...root } = schema as Record<string, JsonValue>
  const definitions = ($defs ?? {}) as Record<string, JsonValue>
  const names = new Map<string, string>()
  const waiting: string[] = []
  const rename = (value: JsonValue): JsonValue => {
    if (Array.isArray(value)) return (value as readonly JsonValue[]).map(rename)
    if (!isObject(value)) return value
    return Object.fromEntries(
      Object.entries(value as Record<string, JsonValue>).map(([key, member]) => [key, renameMember(member)]),
    )
  }
  const renameMember = (member: JsonValue): JsonValue => {
    if (typeof member !== 'string' || !member.startsWith('#/$defs/')) return rename(member)
    const name = member.slice('#/$defs/'.length)
    if (!names.has(name)) {
      names.set(name, `#/$defs/${names.size}`)
      waiting.push(name)
    }
    return names.get(name) ?? ''
  }
  const renamed = rename(root)
  const parts: JsonValue[] = []
  for (const name of waiting) parts.push(rename(definitions[name] ?? null))
  return { ...(renamed as object), $defs: parts }
}
