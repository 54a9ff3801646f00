import type { JsonObject } from '../../../domain/index.ts'
import type { BuiltMiddleware, MiddlewareContext } from '../middleware.ts'
import { bodyChanges } from './body-changes.ts'
import { headerChanges } from './header-changes.ts'

/** Changes the answer of the service. */
export function createResponseTransformer(
  config: JsonObject,
  { maxBodyBytes }: MiddlewareContext,
): BuiltMiddleware {
  const statuses = new Map(
    Object.entries((config['status'] ?? {}) as Readonly<Record<string, number>>).map(
      ([from, to]) => [Number(from), to] as const,
    ),
  )
  const changeHeaders = headerChanges(config['headers'], (text) => text)
  const changeBody = bodyChanges(config['body'])
  const limit = changeBody === undefined ? undefined : maxBodyBytes
  return {
    handle: (next) => (exchange) => {
      exchange.onResponse((response, done) => {
        response.status = statuses.get(response.status) ?? response.status
        changeHeaders?.(response.headers, (text) => text)
        const { body, headers } = response
        if (changeBody !== undefined && body !== null && !headers.has('content-encoding')) {
          const changed = changeBody(body, (value) => value)
          if (changed !== undefined) {
            response.body = changed
            // They describe the bytes that there were.
            for (const name of [
              'etag',
              'content-md5',
              'digest',
              'content-digest',
              'repr-digest',
              'accept-ranges',
            ]) {
              headers.remove(name)
            }
          }
        }
        done()
      }, limit)
      next(exchange)
    },
  }
}
