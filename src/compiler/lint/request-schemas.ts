import { appendPointer, applicatorOf, isObject } from '../../domain/index.ts'
import { oncePerSet, schemaBelow, type DocumentSet, type Resolved } from '../document/index.ts'
import { parametersOfRoute } from './parameters.ts'
import { memberOf, type ObjectNode, type RouteNode } from './routes.ts'
import { visitChildren } from './schema-children.ts'

/**
 * The schemas that requests are validated by, those of parameters and bodies and all that they refer to, each once,
 * where it is written.
 */
export function requestSchemas(set: DocumentSet, routes: readonly RouteNode[]): readonly ObjectNode[] {
  const remembered = schemasByRoutes(set)
  const known = remembered.get(routes)
  if (known !== undefined) return known
  const seen = new Set<unknown>()
  const names = new Set<string>()
  const schemas: ObjectNode[] = []
  const pending = routes.flatMap((route) => entrySchemas(set, route)).toReversed()
  for (let schema = pending.pop(); schema !== undefined; schema = pending.pop()) {
    if (seen.has(schema.value)) continue
    seen.add(schema.value)
    schemas.push(schema)
    const above = schema
    const children: ObjectNode[] = []
    visitChildren(schema.value, (child, keyword, name) => {
      // Definitions apply where something refers to them.
      if (applicatorOf.has(keyword) && !seen.has(child))
        children.push(schemaBelow(above, child, keyword, name))
    })
    for (let child = children.pop(); child !== undefined; child = children.pop()) pending.push(child)
    for (const target of targetsOf(set, schema, names)) {
      if (isObject(target.value)) pending.push({ ...target, value: target.value })
    }
  }
  remembered.set(routes, schemas)
  return schemas
}

/** What a schema refers to; of the first dynamic reference to a name all that it may lead to. */
function targetsOf(set: DocumentSet, schema: ObjectNode, names: Set<string>): readonly Resolved[] {
  const { $ref, $dynamicRef } = schema.value
  if ($ref === undefined && $dynamicRef === undefined) return NONE
  const target = typeof $ref === 'string' ? set.resolve(schema, $ref) : undefined
  const dynamic = typeof $dynamicRef === 'string' ? set.resolve(schema, $dynamicRef) : undefined
  const name = dynamic?.dynamicAnchor
  const others = name === undefined || names.has(name) ? [] : set.dynamicAnchors(name)
  if (name !== undefined) names.add(name)
  return [target, dynamic, ...others].filter((found) => found !== undefined)
}

const NONE: readonly Resolved[] = []

/** Several rules ask for those of the same routes. */
const schemasByRoutes = oncePerSet(() => new Map<readonly RouteNode[], readonly ObjectNode[]>())

function entrySchemas(set: DocumentSet, route: RouteNode): readonly ObjectNode[] {
  const schemas: ObjectNode[] = []
  for (const { target } of parametersOfRoute(set, route)) addSchemasOf(set, target, schemas)
  const body = memberOf(set, route.operation, 'requestBody')
  if (body !== undefined) addSchemasOf(set, body, schemas)
  return schemas
}

/** The `schema` of a parameter, and those of its media types or of the media types of a body. */
function addSchemasOf(set: DocumentSet, holder: ObjectNode, schemas: ObjectNode[]): void {
  const own = child(holder, 'schema')
  if (own !== undefined) schemas.push(own)
  const content = child(holder, 'content')
  if (content === undefined) return
  for (const type of Object.keys(content.value)) {
    const media = memberOf(set, content, type)
    const schema = media && child(media, 'schema')
    if (schema !== undefined) schemas.push(schema)
  }
}

/** A schema is taken as it is written, with its reference. */
function child({ document, pointer, value }: ObjectNode, key: string): ObjectNode | undefined {
  const held = value[key]
  return isObject(held) ? { document, pointer: appendPointer(pointer, key), value: held } : undefined
}
