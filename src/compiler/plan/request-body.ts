import {
  appendPointer,
  isObject,
  type BodyContent,
  type ParameterStyle,
  type PartEncoding,
  type RequestBody,
} from '../../domain/index.ts'
import { essenceOf, followReferences, type ObjectNode, type RouteNode } from '../lint/index.ts'
import { compareRanges, isEncoded } from './media-range.ts'
import type { RouteContext } from './parameters.ts'

/** The request body of an operation, its media ranges most specific first; null where it declares none. */
export function planBody({ operation }: RouteNode, context: RouteContext): RequestBody | null {
  const { document, pointer, value } = operation
  if (value['requestBody'] === undefined) return null
  const at = { document, pointer: appendPointer(pointer, 'requestBody'), value: value['requestBody'] }
  const body = followReferences(context.set, at)
  if (body === undefined) return null
  const content = [...groupByRange(body, context)]
    .map(([range, media]) => planContent(range, media, context))
    .toSorted((a, b) => compareRanges(a.media_range, b.media_range))
  return { content, required: body.value['required'] === true }
}

/** The media types of a body or a response; those that differ in their parameters only are one range. */
export function groupByRange(
  body: ObjectNode,
  { set }: RouteContext,
): ReadonlyMap<string, readonly ObjectNode[]> {
  const ranges = new Map<string, ObjectNode[]>()
  const content = isObject(body.value['content']) ? Object.entries(body.value['content']) : []
  for (const [type, value] of content) {
    const pointer = appendPointer(appendPointer(body.pointer, 'content'), type)
    const at = { document: body.document, pointer }
    const range = essenceOf(type)
    const media = followReferences(set, { ...at, value })
    if (media !== undefined) ranges.set(range, [...(ranges.get(range) ?? []), media])
  }
  return ranges
}

/** The schema of a media range; null where it may be anything. */
export function planContentSchema(
  media: readonly ObjectNode[],
  { table, dialect, direction }: RouteContext,
): number | null {
  const places = media.map(({ document, pointer, value }) => ({
    document,
    pointer: appendPointer(pointer, 'schema'),
    value: value['schema'],
  }))
  const isAny = places.some(({ value }) => value === undefined)
  return isAny ? null : table.add(places, dialect, direction)
}

function planContent(range: string, media: readonly ObjectNode[], context: RouteContext): BodyContent {
  const encodings = isEncoded(range)
    ? media.flatMap(({ value }) => (isObject(value['encoding']) ? Object.entries(value['encoding']) : []))
    : []
  return {
    encoding: Object.fromEntries(encodings.map(([property, encoding]) => [property, planEncoding(encoding)])),
    media_range: range,
    schema: planContentSchema(media, context),
  }
}

function planEncoding(encoding: unknown): PartEncoding {
  const { contentType, style, explode, allowReserved } = isObject(encoding) ? encoding : {}
  return {
    allow_reserved: allowReserved === true,
    content_type: typeof contentType === 'string' ? contentType : null,
    explode: typeof explode === 'boolean' ? explode : null,
    style: typeof style === 'string' ? (style as ParameterStyle) : null,
  }
}
