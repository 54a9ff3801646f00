import { isObject } from '../../domain/index.ts'

const cache = new WeakMap<object, ReadonlySet<string>>()

/** The member names that a schema and the subschemas within it (not those behind a `$ref`) have properties for. */
export function knownMembers(schema: unknown): ReadonlySet<string> {
  if (!isObject(schema)) return new Set()
  let known = cache.get(schema)
  if (known === undefined) cache.set(schema, (known = new Set(collect(schema))))
  return known
}

function collect(schema: Readonly<Record<string, unknown>>): readonly string[] {
  const names = isObject(schema['properties']) ? Object.keys(schema['properties']) : []
  if (isObject(schema['patternProperties'])) {
    for (const pattern of Object.keys(schema['patternProperties'])) {
      const words = /^\^\(([a-z|]+)\)\$$/i.exec(pattern)?.[1]
      if (words !== undefined) names.push(...words.split('|'))
    }
  }
  const inner = [schema['if'], schema['then'], schema['else']]
  for (const key of ['allOf', 'oneOf', 'anyOf']) if (Array.isArray(schema[key])) inner.push(...schema[key])
  for (const part of valuesOf(schema['dependentSchemas'])) {
    // The official schemas keep the styles of parameters in definitions of their own there.
    inner.push(part, ...valuesOf(isObject(part) ? part['$defs'] : undefined))
  }
  if (schema['$ref'] === '#/$defs/examples') names.push('example', 'examples')
  for (const part of inner) if (isObject(part)) names.push(...collect(part))
  return names
}

function valuesOf(value: unknown): readonly unknown[] {
  return isObject(value) ? Object.values(value) : []
}
