import {
  appendPointer,
  isObject,
  type Parameter,
  type ParameterLocation,
  type ParameterStyle,
} from '../../domain/index.ts'
import type { DocumentSet } from '../document/index.ts'
import {
  essenceOf,
  followReferences,
  parametersOfRoute,
  type ObjectNode,
  type RouteNode,
} from '../lint/index.ts'
import type { Dialect, Direction, SchemaTable } from '../schema/index.ts'

/** What the parts of a route are made with. */
export interface RouteContext {
  readonly set: DocumentSet
  readonly table: SchemaTable
  /** That of the root document. */
  readonly dialect: Dialect
  /** Whether schemas are those of what clients send, or of what they get. */
  readonly direction: Direction
}

const LOCATIONS: readonly string[] = [
  'path',
  'query',
  'header',
  'cookie',
  'querystring',
] satisfies ParameterLocation[]

/** OpenAPI leaves these headers to other parts of a description (3.1 §4.8.12.1). */
const IGNORED_HEADERS = new Set(['accept', 'content-type', 'authorization'])

/** The parameters of an operation: those of its path item, overridden by its own of the same name and location. */
export function planParameters(route: RouteNode, context: RouteContext): readonly Parameter[] {
  const merged = new Map<string, ObjectNode>()
  for (const { name, in: location, target } of parametersOfRoute(context.set, route)) {
    // Entries that are no parameters were refused by the structure check.
    if (!LOCATIONS.includes(location)) continue
    const isHeader = location === 'header'
    if (isHeader && IGNORED_HEADERS.has(name.toLowerCase())) continue
    merged.set(`${location} ${isHeader ? name.toLowerCase() : name}`, target)
  }
  return [...merged.values()].map((node) => planParameter(node, context))
}

function planParameter(node: ObjectNode, context: RouteContext): Parameter {
  const { value } = node
  const location = value['in'] as ParameterLocation
  const style = (value['style'] as ParameterStyle | undefined) ?? defaultStyle(location)
  const { explode, required } = value
  const { media_type, schema } = describeValue(node, context)
  return {
    allow_reserved: value['allowReserved'] === true,
    explode: typeof explode === 'boolean' ? explode : style === 'form' || style === 'cookie',
    in: location,
    media_type,
    name: String(value['name']),
    required: location === 'path' || required === true,
    schema,
    style,
  }
}

function defaultStyle(location: ParameterLocation): ParameterStyle {
  return location === 'path' || location === 'header' ? 'simple' : 'form'
}

/** What a parameter or header says of its value: its media type where it has `content`, and its schema. */
export function describeValue(
  parameter: ObjectNode,
  { set, table, dialect, direction }: RouteContext,
): Pick<Parameter, 'media_type' | 'schema'> {
  const { document, pointer, value } = parameter
  const content = isObject(value['content']) ? Object.entries(value['content'])[0] : undefined
  if (content === undefined) {
    const schema = { document, pointer: appendPointer(pointer, 'schema'), value: value['schema'] }
    const index = schema.value === undefined ? null : table.add([schema], dialect, direction)
    return { media_type: null, schema: index }
  }
  const [type, described] = content
  const at = appendPointer(appendPointer(pointer, 'content'), type)
  const media = followReferences(set, { document, pointer: at, value: described })
  const schema = media?.value['schema']
  if (media === undefined || schema === undefined) return { media_type: essenceOf(type), schema: null }
  const place = { document: media.document, pointer: appendPointer(media.pointer, 'schema'), value: schema }
  const index = table.add([place], dialect, direction)
  return { media_type: essenceOf(type), schema: index }
}
