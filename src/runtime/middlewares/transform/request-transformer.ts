import type { JsonObject, JsonValue } from '../../../domain/index.ts'
import type { BuiltMiddleware, MiddlewareContext } from '../middleware.ts'
import { bodyChanges } from './body-changes.ts'
import { headerChanges } from './header-changes.ts'
import { pathChanges } from './path-changes.ts'
import { queryChanges } from './query-changes.ts'
import { compileTemplate, type Template } from './template.ts'

/** Changes the request that goes to the service. */
export function createRequestTransformer(
  config: JsonObject,
  { captureNames }: MiddlewareContext,
): BuiltMiddleware {
  const changeHeaders = headerChanges(config['headers'], (text) => compileTemplate(text, captureNames))
  const changeQuery = queryChanges(config['querystring'], captureNames)
  const changePath = pathChanges(config['path'])
  const changeBody = bodyChanges(config['body'])
  const templates = new Map<string, Template>()
  const templateOf = (text: string): Template => {
    const template = templates.get(text) ?? compileTemplate(text, captureNames)
    templates.set(text, template)
    return template
  }
  return {
    handle: (next) => (exchange) => {
      // Templates see the request as it came, whatever is changed first.
      changeHeaders?.(exchange.request.headers, (template) => template(exchange))
      changeQuery?.(exchange)
      if (changePath !== undefined) exchange.path = changePath(exchange.path)
      if (changeBody === undefined || !exchange.request.hasBody) return next(exchange)
      exchange.readBody((body) => {
        const replace = (value: JsonValue) =>
          typeof value === 'string' ? templateOf(value)(exchange) : value
        exchange.body = changeBody(body, replace) ?? body
        next(exchange)
      })
    },
  }
}
