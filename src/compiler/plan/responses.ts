import {
  appendPointer,
  isObject,
  type Parameter,
  type ResponseContent,
  type ResponseDescription,
} from '../../domain/index.ts'
import { followReferences, type ObjectNode, type RouteNode } from '../lint/index.ts'
import { compareRanges } from './media-range.ts'
import { describeValue, type RouteContext } from './parameters.ts'
import { groupByRange, planContentSchema } from './request-body.ts'

/**
 * What an operation says of its answers, in the order of their statuses: those of one status, of a class of them
 * (`2XX`), then `default`. Schemas are those of what clients get.
 */
export function planResponses(
  { operation }: RouteNode,
  context: Omit<RouteContext, 'direction'>,
): readonly ResponseDescription[] {
  const outward: RouteContext = { ...context, direction: 'response' }
  return membersOf(operation, 'responses', context)
    .filter(([status]) => STATUS.test(status))
    .map(([status, response]) => {
      const headers = planHeaders(response, outward)
      const content = planContent(response, outward)
      return { content, headers, status: status === 'default' ? status : status.toUpperCase() }
    })
    .toSorted((a, b) => (a.status < b.status ? -1 : 1))
}

const STATUS = /^(?:[1-5](?:\d\d|XX)|default)$/i

/** `Content-Type` is for `content` to say (OpenAPI 3.1 §4.8.17.1). */
function planHeaders(response: ObjectNode, context: RouteContext): readonly Parameter[] {
  return membersOf(response, 'headers', context)
    .filter(([name]) => name.toLowerCase() !== 'content-type')
    .map(([name, header]) => {
      const { media_type, schema } = describeValue(header, context)
      return {
        allow_reserved: false,
        explode: header.value['explode'] === true,
        in: 'header',
        media_type,
        name,
        required: header.value['required'] === true,
        schema,
        style: 'simple',
      }
    })
}

function planContent(response: ObjectNode, context: RouteContext): readonly ResponseContent[] | null {
  if (!isObject(response.value['content'])) return null
  return [...groupByRange(response, context)]
    .map(([range, media]) => ({ media_range: range, schema: planContentSchema(media, context) }))
    .toSorted((a, b) => compareRanges(a.media_range, b.media_range))
}

/** The objects in a map of an object, references followed. */
export function membersOf(
  owner: ObjectNode,
  name: string,
  { set }: Pick<RouteContext, 'set'>,
): readonly (readonly [string, ObjectNode])[] {
  const map = owner.value[name]
  if (!isObject(map)) return []
  const at = appendPointer(owner.pointer, name)
  return Object.entries(map).flatMap(([key, value]) => {
    const place = { document: owner.document, pointer: appendPointer(at, key), value }
    const node = followReferences(set, place)
    return node === undefined ? [] : [[key, node] as const]
  })
}
