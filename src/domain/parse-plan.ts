import {
  count,
  DecodeError,
  flag,
  list,
  matching,
  nullable,
  object,
  oneOf,
  optional,
  record,
  text,
  type Decoder,
} from './decode.ts'
import { isObject, type JsonObject } from './json.ts'
import { PLAN_VERSION, type CompiledPlan, type JsonSchema, type Route } from './plan.ts'

const jsonObject: Decoder<JsonObject> = (value, path) => {
  if (!isObject(value)) throw new DecodeError(path, 'an object')
  return value as JsonObject
}

const schema: Decoder<JsonSchema> = (value, path) =>
  typeof value === 'boolean' ? value : jsonObject(value, path)

const version: Decoder<number> = (value, path) => {
  if (value !== PLAN_VERSION) throw new DecodeError(path, `${PLAN_VERSION}, the version this gateway loads`)
  return PLAN_VERSION
}

const style = oneOf([
  'simple',
  'label',
  'matrix',
  'form',
  'spaceDelimited',
  'pipeDelimited',
  'deepObject',
  'cookie',
])

const parameter = object({
  name: text,
  in: oneOf(['path', 'query', 'header', 'cookie', 'querystring']),
  required: flag,
  style,
  explode: flag,
  allow_reserved: flag,
  media_type: nullable(text),
  schema: nullable(count),
})

const body = object({
  required: flag,
  content: list(
    object({
      media_range: text,
      schema: nullable(count),
      encoding: record(
        object({
          content_type: nullable(text),
          style: nullable(style),
          explode: nullable(flag),
          allow_reserved: flag,
        }),
      ),
    }),
  ),
})

const share: Decoder<number> = (value, path) => {
  if (typeof value !== 'number' || !(value > 0 && value <= 1))
    throw new DecodeError(path, 'a number above 0 and 1 at most')
  return value
}

const responseValidation = object({
  mode: oneOf(['report', 'enforce']),
  sample: share,
  responses: list(
    object({
      status: matching(/^(?:[1-5](?:\d\d|XX)|default)$/, 'a status, a class of them such as 2XX, or default'),
      headers: list(parameter),
      content: nullable(list(object({ media_range: text, schema: nullable(count) }))),
    }),
  ),
})

const mockExample = object({ status: count, media_type: nullable(text), name: nullable(text), body: text })

const pluginUse = object({ name: text, config: jsonObject })

const route = object({
  path: matching(/^\//, 'a path that begins with a slash'),
  method: matching(/^[!#$%&'*+.^_`|~0-9A-Z-]+$/, 'an HTTP method in upper case'),
  operation_id: nullable(text),
  spec: text,
  deprecated: flag,
  sunset: nullable(text),
  parameters: list(parameter),
  body: nullable(body),
  middlewares: list(pluginUse),
  dispatch: pluginUse,
  bindings: optional(object({ channel: jsonObject, operation: jsonObject, messages: list(jsonObject) })),
  mock_examples: optional(list(mockExample)),
  response_validation: optional(responseValidation),
})

const plan = object({
  plan_version: version,
  schemas: list(schema),
  routes: list(route),
  guarded_patterns: optional(record(nullable(text))),
})

/**
 * Reads a compiled plan strictly: unknown members, another version and a schema index out of range are refused.
 *
 * @throws {DecodeError} naming the member that does not fit.
 */
export function parsePlan(value: unknown): CompiledPlan {
  const decoded = plan(value, '')
  for (const [index, route] of decoded.routes.entries()) {
    if (usesOf(route).some(({ schema }) => schema !== null && schema >= decoded.schemas.length)) {
      throw new DecodeError(`/routes/${index}`, 'limited to the schemas of the plan')
    }
  }
  return decoded
}

function usesOf({ parameters, body, response_validation: checked }: Route): readonly SchemaUse[] {
  const ofResponses = checked?.responses.flatMap(({ headers, content }) => [...headers, ...(content ?? [])])
  return [...parameters, ...(body?.content ?? []), ...(ofResponses ?? [])]
}

interface SchemaUse {
  readonly schema: number | null
}
